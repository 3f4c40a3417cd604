using System.Text;

namespace RtcPlatform.Grains.Tests.Scripted;

/// <summary>Just enough SDP: one section per line group, as a browser orders them.</summary>
internal static class Offers
{
    public static string Sdp(int receiveAudio, int receiveVideo, params (string Mid, string Kind)[] sending)
    {
        var sdp = new StringBuilder("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
        for (int i = 0; i < receiveAudio; i++)
        {
            Section(sdp, "audio", $"a{i}", "recvonly");
        }

        for (int i = 0; i < receiveVideo; i++)
        {
            Section(sdp, "video", $"v{i}", "recvonly");
        }

        foreach ((string mid, string kind) in sending)
        {
            Section(sdp, kind, mid, "sendonly");
        }

        return sdp.ToString();
    }

    /// <summary>Mids of the sections of a kind in which the offerer only receives.</summary>
    public static List<string> Receiving(string sdp, string kind)
    {
        var mids = new List<string>();
        foreach (string section in sdp.Split("m=").Skip(1))
        {
            if (section.StartsWith(kind, StringComparison.Ordinal) && section.Contains("a=recvonly", StringComparison.Ordinal))
            {
                mids.Add(section.Split("a=mid:")[1].Split('\r')[0]);
            }
        }

        return mids;
    }

    private static void Section(StringBuilder sdp, string kind, string mid, string direction) =>
        sdp.Append($"m={kind} 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:{mid}\r\na={direction}\r\n");
}

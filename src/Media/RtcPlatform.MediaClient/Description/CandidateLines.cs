using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaClient.Description;

/// <summary>Chooses among the candidates of an answer.</summary>
internal static class CandidateLines
{
    private const string Start = "a=candidate:";

    /// <summary>
    /// The first UDP host candidate, since servers list their best one first; before it those of the address at which
    /// signaling found the server, after it those of other types.
    /// </summary>
    /// <param name="near">Where signaling found the server; candidates of the other IP version are then left out.</param>
    public static bool TryChoose(string sdp, IPAddress? near, out TransportAddress candidate)
    {
        candidate = default;
        int best = 0;
        foreach (ReadOnlySpan<char> line in sdp.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(Start, StringComparison.Ordinal)
                && TryRead(line.ToString(), out IPEndPoint? at, out bool isHost)
                && Rank(at.Address, isHost, near) is var rank
                && rank > best)
            {
                best = rank;
                candidate = TransportAddress.From(at);
            }
        }

        return best > 0;
    }

    private static int Rank(IPAddress address, bool isHost, IPAddress? near)
    {
        if (near is not null && address.AddressFamily != near.AddressFamily)
        {
            return 0;
        }

        return address.Equals(near) ? 3 : isHost ? 2 : 1;
    }

    /// <summary>RFC 8839 section 5.1: foundation, component, transport, priority, address, port, "typ", type.</summary>
    private static bool TryRead(
        string line, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPEndPoint? at, out bool isHost)
    {
        at = null;
        isHost = false;
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 8
            || !fields[2].Equals("udp", StringComparison.OrdinalIgnoreCase)
            || !IPAddress.TryParse(fields[4], out IPAddress? address)
            || address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            || !ushort.TryParse(fields[5], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            || port == 0)
        {
            return false;
        }

        at = new IPEndPoint(address, port);
        isHost = fields[7] == "host";
        return true;
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Sending;
using RtcPlatform.LoadGenerator.Sessions;
using RtcPlatform.LoadGenerator.Signaling;
using RtcPlatform.MediaClient;
using RtcPlatform.MediaClient.Description;
using RtcPlatform.MediaClient.Peer;
using RtcPlatform.MediaClient.Streams;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Net.Pools;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>Clients of a WHIP and WHEP server: an offer, an answer, ICE, DTLS, media. They share one certificate.</summary>
internal sealed class WebRtcSessions : ISessionMaker
{
    // RFC 8839 section 5.4: letters, digits, + and /.
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private readonly SessionHost _host;
    private readonly LoadPlan _plan;
    private readonly WhipClient _http;
    private readonly DtlsIdentity _identity;
    private readonly IPAddress _server;
    private readonly IPAddress _local;
    private int _publishers;

    private WebRtcSessions(SessionHost host, WebRtcTarget target, IPAddress server)
    {
        _host = host;
        _plan = host.Plan;
        _server = server;
        _local = UdpPool.LocalAddressTowards(server);
        _identity = DtlsIdentity.Create(TimeProvider.System.GetUtcNow(), RandomNumberGenerator.GetBytes(16), _plan.Profiles);
        _http = new WhipClient(target, _plan.Concurrency);
    }

    /// <exception cref="SignalingException">The server's name is unknown.</exception>
    public static async Task<WebRtcSessions> Create(SessionHost host, WebRtcTarget target, CancellationToken cancellation)
    {
        string name = target.Whip.Expand(new SessionName("x", "x", ""), null).Host.Trim('[', ']');
        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(name, cancellation);
            return new WebRtcSessions(
                host, target, addresses.FirstOrDefault(static a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0]);
        }
        catch (SocketException error)
        {
            throw new SignalingException($"{name}: {error.Message}");
        }
    }

    public async Task<IReadOnlyList<LoadSession>> Publish(
        IReadOnlyList<PublishedStream> streams, CancellationToken cancellation)
    {
        string identity = Names.Publisher(streams[0].Publisher);
        LoadSession session = Open(new SessionName(Names.Room(_plan, streams[0].Room), identity, ""), isPassing: false);
        var sections = new List<OfferSection>();
        foreach (PublishedStream stream in streams)
        {
            bool audio = stream.Kind == MediaKind.Audio;
            var section = new OfferSection(
                Mid(sections.Count), stream.Kind, audio ? "audio" : "video", Random32(), audio ? 0 : Random32());
            sections.Add(section);
            session.SentAudio = audio ? stream : session.SentAudio;
            session.SentVideo = audio ? session.SentVideo : stream;
            session.SentAudioSsrc = audio ? section.Ssrc : session.SentAudioSsrc;
            session.SentVideoSsrc = audio ? session.SentVideoSsrc : section.Ssrc;
        }

        ServerDescription answer = await Connect(session, sections, offerTransportCc: true, cancellation);
        MonoTime now = MonoClock.Now;
        TimeSpan phase = TimeSpan.FromSeconds(1) / _plan.Media.FramesPerSecond
            * (Interlocked.Increment(ref _publishers) * 0.618_033_99 % 1);
        StreamSender[] senders = [.. streams.Zip(sections).Select(s => new StreamSender(
            _plan.Media, s.First, session.Transport!, Format(s.Second, answer), now + phase))];
        _host.Send.Add(new PublisherSender(session, session.Loop.Pool, senders, now + phase));
        return [session];
    }

    public async Task<IReadOnlyList<LoadSession>> Watch(
        IReadOnlyList<PublishedStream> streams, string identity, bool isPassing, CancellationToken cancellation)
    {
        var name = new SessionName(Names.Room(_plan, streams[0].Room), identity, Names.Publisher(streams[0].Publisher));
        LoadSession session = Open(name, isPassing);
        var sections = new List<OfferSection>();
        foreach (PublishedStream stream in streams)
        {
            sections.Add(new OfferSection(Mid(sections.Count), stream.Kind, TrackSid: null, 0, 0));
            session.Audio = stream.Kind == MediaKind.Audio ? new ReceivedStream(stream) : session.Audio;
            session.Video = stream.Kind == MediaKind.Video ? new ReceivedStream(stream) : session.Video;
        }

        await Connect(session, sections, _plan.OfferTransportCc, cancellation);
        return [session];
    }

    public async Task Leave(LoadSession session, CancellationToken cancellation)
    {
        await _host.Send.Remove(session);
        if (session.Answer is { } answer)
        {
            await _http.Delete(answer, cancellation);
        }

        await session.Loop.Remove(session);
    }

    public void Dispose()
    {
        _http.Dispose();
        _identity.Dispose();
    }

    private LoadSession Open(SessionName name, bool isPassing)
    {
        var loop = _host.NextLoop();
        return new LoadSession(name, loop, loop.Pool.Open(_local)) { IsPassing = isPassing };
    }

    private async Task<ServerDescription> Connect(
        LoadSession session, List<OfferSection> sections, bool offerTransportCc, CancellationToken cancellation)
    {
        try
        {
            string ufrag = RandomNumberGenerator.GetString(IceChars, 8);
            string password = RandomNumberGenerator.GetString(IceChars, 24);
            var writer = new OfferWriter(Seed() >> 1, ufrag, password, _identity.Fingerprint.ToString(), "load")
            {
                Candidate = TransportAddress.From(session.Loop.Pool.LocalEndPoint(session.Slot)),
                TransportCc = offerTransportCc,
            };
            string offer = writer.Write(sections);
            session.Answer = await _http.Offer(
                session.Name, offer, () => session.Times.Posted = MonoClock.Now, cancellation);
            session.Times.Answered = MonoClock.Now;
            if (!ServerDescription.TryRead(session.Answer.Sdp, out ServerDescription? answer, out string? fault, _server))
            {
                throw new MediaException(fault);
            }

            Expect(session, answer);
            session.Loop.Pool.Connect(session.Slot, answer.Candidate);
            session.Transport = new WebRtcTransport(
                new ClientPeer(_identity, ufrag, answer, Seed(), session.Times.Answered, password));
            session.Loop.Add(session);
            await session.Connected.Task.WaitAsync(cancellation);
            return answer;
        }
        catch
        {
            await Leave(session, CancellationToken.None);
            throw;
        }
    }

    private static void Expect(LoadSession session, ServerDescription answer)
    {
        IEnumerable<byte> Types(MediaKind kind) =>
            answer.Sections.Where(s => s.Kind == kind).SelectMany(static s => s.PayloadTypes);
        session.ExpectTypes(
            Types(MediaKind.Audio), Types(MediaKind.Video), answer.Sections.SelectMany(static s => s.RtxPayloadTypes));
    }

    private static StreamFormat Format(OfferSection section, ServerDescription answer)
    {
        ServerSection agreed = answer.Sections.FirstOrDefault(
            s => s.Mid == section.Mid && (s.Direction & MediaDirection.RecvOnly) != 0)
            ?? throw new MediaException($"the answer does not take the published {section.Kind} track");
        bool audio = section.Kind == MediaKind.Audio;
        byte rtx = agreed.RtxPayloadTypes.Contains(OfferFormat.Vp8Rtx) && !audio ? OfferFormat.Vp8Rtx : (byte)0;
        return new StreamFormat(
            section.Kind,
            section.Ssrc,
            audio ? OfferFormat.Opus : OfferFormat.Vp8,
            section.RtxSsrc,
            rtx,
            agreed.TransportCcId,
            agreed.AudioLevelId,
            agreed.MidId,
            Encoding.ASCII.GetBytes(section.Mid));
    }

    private static string Mid(int index) => index.ToString(CultureInfo.InvariantCulture);

    private static uint Random32() => (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);

    private static ulong Seed() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
}

using System.Net;
using System.Security.Cryptography;
using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Sending;
using RtcPlatform.LoadGenerator.Sessions;
using RtcPlatform.MediaClient.Description;
using RtcPlatform.MediaClient.Streams;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Net.Pools;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>Clients of a floor program: one socket and one registration for each stream.</summary>
internal sealed class FloorSessions(SessionHost host, IPEndPoint floor) : ISessionMaker
{
    private readonly LoadPlan _plan = host.Plan;

    // A floor keeps those who were killed: with the rooms of another run it would send to their ports, which others have now.
    private readonly uint _firstRoom = Random32();
    private int _publishers;

    public async Task<IReadOnlyList<LoadSession>> Publish(
        IReadOnlyList<PublishedStream> streams, CancellationToken cancellation)
    {
        var sessions = new List<LoadSession>();
        foreach (PublishedStream stream in streams)
        {
            uint ssrc = Random32();
            var name = new SessionName(Names.Room(_plan, stream.Room), Names.Publisher(stream.Publisher), "");
            LoadSession session = await Register(name, stream, ssrc, s => Own(s, stream), cancellation);
            MonoTime now = MonoClock.Now;
            TimeSpan phase = TimeSpan.FromSeconds(1) / _plan.Media.FramesPerSecond
                * (Interlocked.Increment(ref _publishers) * 0.618_033_99 % 1);
            byte type = stream.Kind == MediaKind.Audio ? OfferFormat.Opus : OfferFormat.Vp8;
            var sender = new StreamSender(
                _plan.Media, stream, session.Transport!, new StreamFormat(stream.Kind, ssrc, type, 0, 0, 0, 0, 0, []), now + phase);
            host.Send.Add(new PublisherSender(session, session.Loop.Pool, [sender], MonoTime.Never));
            sessions.Add(session);
        }

        return sessions;

        static void Own(LoadSession session, PublishedStream stream) => session.SentVideo = stream;
    }

    public async Task<IReadOnlyList<LoadSession>> Watch(
        IReadOnlyList<PublishedStream> streams, string identity, bool isPassing, CancellationToken cancellation)
    {
        var sessions = new List<LoadSession>();
        foreach (PublishedStream stream in streams)
        {
            var name = new SessionName(Names.Room(_plan, stream.Room), identity, Names.Publisher(stream.Publisher));
            sessions.Add(await Register(name, stream, Random32(), s => Expect(s, stream), cancellation, isPassing));
        }

        return sessions;

        static void Expect(LoadSession session, PublishedStream stream)
        {
            session.Audio = stream.Kind == MediaKind.Audio ? new ReceivedStream(stream) : null;
            session.Video = stream.Kind == MediaKind.Video ? new ReceivedStream(stream) : null;
            session.ExpectTypes([OfferFormat.Opus], [OfferFormat.Vp8], []);
        }
    }

    public async Task Leave(LoadSession session, CancellationToken cancellation)
    {
        await host.Send.Remove(session);
        await session.Loop.Remove(session);
    }

    public void Dispose()
    {
    }

    private async Task<LoadSession> Register(
        SessionName name,
        PublishedStream stream,
        uint ssrc,
        Action<LoadSession> prepare,
        CancellationToken cancellation,
        bool isPassing = false)
    {
        var loop = host.NextLoop();
        int slot = loop.Pool.Open(UdpPool.LocalAddressTowards(floor.Address));
        var session = new LoadSession(name, loop, slot) { IsPassing = isPassing };
        prepare(session);
        loop.Pool.Connect(slot, TransportAddress.From(floor));
        uint number = (stream.Publisher * 2u) + (stream.Kind == MediaKind.Video ? 1u : 0u);
        session.Times.Posted = session.Times.Answered = MonoClock.Now;
        FloorRole role = name.Publishes ? FloorRole.Publisher : FloorRole.Subscriber;
        session.Transport = new FloorTransport(
            new FloorRegistration(role, unchecked(_firstRoom + stream.Room), number, ssrc), session.Times.Posted);
        loop.Add(session);
        try
        {
            await session.Connected.Task.WaitAsync(cancellation);
            return session;
        }
        catch
        {
            await Leave(session, CancellationToken.None);
            throw;
        }
    }

    private static uint Random32() => (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);
}

using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Orleans;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.Participant;

/// <summary>
/// A participant's stay in its room, from the entry to the end: one session at a time, which a later entry of the same
/// identity replaces. A session of signaling outlives its edge for a resume window; one of WHIP or WHEP lives as long as its
/// transport.
/// </summary>
internal sealed class Stay
{
    /// <summary>The media node's word for a close_notify.</summary>
    private const string ClosedByClient = "closed by the client";

    private readonly Grain _grain;
    private readonly Func<IGrainFactory> _grains;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly StayTimers _timers;

    public Stay(Grain grain, Func<IGrainFactory> grains, TimeProvider time, ILogger log)
    {
        _grain = grain;
        _grains = grains;
        _time = time;
        _log = log;
        _timers = new StayTimers(grain, OnWindowEnds);
        Requests = new OfferRequests(grain, () => Session);
    }

    /// <summary>The argument: the media was lost, so whoever was here may come again.</summary>
    public event Action<bool>? Ended;

    public Session? Session { get; private set; }

    public OfferRequests Requests { get; }

    public string RoomKey => GrainKeys.RoomOf(_grain.GetPrimaryKeyString());

    public IRoomGrain Room => _grains().GetGrain<IRoomGrain>(RoomKey);

    public MediaPath Media => new(_grains(), Room, RoomKey, _log);

    public async Task<Outcome<Joined>> Enter(Entry entry)
    {
        ParticipantSid sid = ParticipantSid.Create(RandomNumberGenerator.GetBytes(Base62.EntropyBytes));
        Outcome<Joined> outcome;
        try
        {
            outcome = await new Joining(sid, entry, Media, Room).Run(_time.GetUtcNow());
        }
        catch (Exception exception)
        {
            ParticipantLog.JoinFailed(_log, sid.Value, exception);
            await Room.Remove(sid.Value, DisconnectReason.Unknown);
            return ParticipantErrors.Internal;
        }

        if (outcome.Error is { } refused)
        {
            ParticipantLog.JoinRefused(_log, sid.Value, refused.Code);
            return refused;
        }

        if (Session is not null)
        {
            Ended?.Invoke(false);
        }

        Session?.Edge?.Disconnect(DisconnectReason.DuplicateIdentity);
        Session?.Transport?.Close("another connection took the participant's place");
        Session = outcome.Value!.Session;
        _timers.Begin();
        ParticipantLog.Connected(_log, sid.Value, Session.Transport!.Id, Session.Transport.NodeId);
        return outcome;
    }

    /// <summary>Goes on after the control plane lost its memory.</summary>
    public void GoOn(Session restored)
    {
        Session = restored;
        _timers.Begin();
        if (!restored.IsHttp)
        {
            Detach(restored);
        }
    }

    /// <summary>The edge is gone: the resume window begins.</summary>
    public void Detach(Session session)
    {
        ParticipantLog.Detached(_log, session.Sid.Value);
        session.Detach(_time.GetUtcNow());
        _timers.OpenWindow();
    }

    public void Resumed(Session session)
    {
        _timers.CloseWindow();
        ParticipantLog.Resumed(_log, session.Sid.Value);
    }

    public async Task End(Session session, DisconnectReason reason)
    {
        Session = null;
        Ended?.Invoke(reason is DisconnectReason.MediaFailed or DisconnectReason.ServerShutdown);
        _timers.End();
        Requests.Stop();
        session.Transport?.Close(reason.ToString());
        ParticipantLog.Ended(_log, session.Sid.Value, reason);
        await Room.Remove(session.Sid.Value, reason);
    }

    /// <summary>News from the media node about the session's transport; without one a session of WHIP or WHEP is over.</summary>
    public async Task TransportChanged(string transportId, TransportStatus status, string reason)
    {
        if (Session is not { } session)
        {
            return;
        }

        Media.Changed(session, transportId, status, reason);
        if (session is { IsHttp: true, Transport: null })
        {
            // Closed is the client's own goodbye (DTLS close_notify) or the loss of the node; failed is consent that expired.
            bool left = status == TransportStatus.Closed && reason == ClosedByClient;
            await End(session, left ? DisconnectReason.ClientLeft : DisconnectReason.MediaFailed);
        }
    }

    private async Task OnWindowEnds()
    {
        if (Session is { } session && session.State.IsResumeOver(_time.GetUtcNow()))
        {
            await End(session, DisconnectReason.ConnectionTimeout);
        }
    }
}

using System.Security.Cryptography;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Participants;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.Participant;

/// <summary>What WHIP and WHEP ask of a participant. A session's secret is its resume token under another name.</summary>
internal sealed class HttpSessions(Stay stay)
{
    private const ulong FirstOffer = 1;

    public async Task<Outcome<HttpSession>> Open(OpenHttpSession command)
    {
        var entry = new Entry(command.RoomName, command.Identity, command.Name, command.Metadata, command.Grants)
        {
            AutoSubscribe = command.Kind == ParticipantKind.Viewer,
            Kind = command.Kind,
            Watches = command.Watches,
            Tracks = [.. command.Tracks.Select(NewTrack)],
            IceUfrag = command.IceUfrag,
        };
        entry = entry with
        {
            Offer = new OfferRecord(
                FirstOffer,
                command.OfferSdp,
                command.Tracks.Zip(entry.Tracks).ToDictionary(pair => pair.First.Mid, pair => pair.Second.Sid)),
        };
        if (ParticipantErrors.CheckEntry(entry) is { } invalid)
        {
            return invalid;
        }

        Outcome<Joined> outcome = await stay.Enter(entry);
        return outcome.Value is { } joined
            ? new HttpSession(joined.Session.Sid.Value, joined.ResumeToken, joined.Session.ETag, joined.Answer!.Sdp)
            : outcome.Error!;
    }

    public async Task<Outcome<IcePatched>> PatchIce(IcePatch patch)
    {
        if (Find(patch.Secret) is not { } session)
        {
            return ParticipantErrors.NoSuchSession;
        }

        bool restarts = patch.Ufrag.Length > 0 && !string.Equals(patch.Ufrag, session.IceUfrag, StringComparison.Ordinal);
        if (patch.IfMatch != "*" && !string.Equals(patch.IfMatch, session.ETag, StringComparison.Ordinal))
        {
            return ParticipantErrors.StaleIceSession;
        }

        return restarts ? await Restart(session, patch) : new IcePatched(string.Empty, string.Empty);
    }

    public async Task<bool> Close(string secret)
    {
        if (Find(secret) is not { } session)
        {
            return false;
        }

        await stay.End(session, DisconnectReason.ClientLeft);
        return true;
    }

    public bool Exists(string secret) => Find(secret) is not null;

    private static TrackRecord NewTrack(TrackOffer offer) => new(
        TrackSid.Create(RandomNumberGenerator.GetBytes(Base62.EntropyBytes)).Value,
        offer.Kind,
        offer.Source,
        string.Empty,
        Muted: false,
        Width: 0,
        Height: 0,
        string.Empty);

    /// <summary>The former ICE session goes on until the client nominates a pair of the new one; when the node refuses, it stays.</summary>
    private static async Task<Outcome<IcePatched>> Restart(Session session, IcePatch patch)
    {
        ulong offer = session.State.LastOffer + 1;
        Outcome<string> fragment = await session.Transport!.RestartIce(offer, patch.Ufrag, patch.Password);
        if (fragment.Error is { } error)
        {
            return error;
        }

        session.State = session.State with { LastOffer = offer };
        session.IceUfrag = patch.Ufrag;
        session.Remember();
        return new IcePatched(session.ETag, fragment.Value!);
    }

    private Session? Find(string secret) =>
        stay.Session is { IsHttp: true, Transport: not null } session && session.IsProvenBy(secret) ? session : null;
}

using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Orleans;
using RtcPlatform.Domain.Tokens;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Identity.Tokens;
using RtcPlatform.Signaling.Connections;
using RtcPlatform.Signaling.Contract;
using RtcPlatform.Signaling.Protocol;
using RtcPlatform.Signaling.Translation;
using SignalErrorCode = RtcPlatform.Signaling.Contract.SignalErrorCode;

namespace RtcPlatform.Signaling.Hubs;

/// <summary>Translates between the contract and the participant grain. No rule of a room stands here.</summary>
internal sealed class RoomHub(
    IGrainFactory grains,
    TokenAuthority tokens,
    ConnectionOpener opener,
    ResponseOrder order,
    ServerIdentity server,
    SignalingOptions options,
    ILogger<RoomHub> logger) : Hub<IRoomClient>, IRoomHub
{
    private ClientConnection Connection => ClientConnection.Of(Context);

    private IParticipantGrain Participant => Connection is { IsJoined: true, Participant: { } participant }
        ? participant
        : throw Refusal.Of(SignalErrorCode.NotJoined, "Join or resume first.");

    public override Task OnConnectedAsync()
    {
        opener.Open(Context);
        return Task.CompletedTask;
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        ClientConnection connection = Connection;
        logger.ConnectionEnded(Context.ConnectionId, exception?.Message ?? "closed");
        if (connection.End() is { } participant)
        {
            try
            {
                await participant.EdgeLost(Context.ConnectionId);
            }
            catch (Exception problem)
            {
                logger.EdgeLossNotTold(Context.ConnectionId, problem);
            }
        }

        opener.Release(connection);
    }

    public async Task<JoinResponse> Join(JoinRequest request)
    {
        BeginJoin();
        try
        {
            Bearer bearer = await Authenticate(request.Token, request.Room, ignoreExpiry: false);
            IParticipantGrain participant = ParticipantOf(bearer);
            JoinResult joined = Require(
                await participant.Join(FromClient.Join(Context.ConnectionId, bearer, request), Connection.Observer));
            if (!Connection.TryCompleteJoin(participant))
            {
                // The client will never learn its resume token, so nobody can come back for this participant.
                await participant.Leave(Context.ConnectionId);
                throw Refusal.Of(SignalErrorCode.NotJoined, "The connection ended while joining.");
            }

            logger.Joined(joined.Participant.Sid, Context.ConnectionId);
            JoinResponse response = new(
                ToClient.Room(joined.Room),
                ToClient.Participant(joined.Participant),
                joined.ResumeToken,
                joined.Answer is null ? null : ToClient.Answer(joined.Answer),
                ToClient.IceServers(options),
                new ServerInfo(server.Version, server.Id));
            order.OpenAfter(response, Connection.Outbox);
            return response;
        }
        finally
        {
            Connection.RefuseJoin();
        }
    }

    public async Task<ResumeResponse> Resume(ResumeRequest request)
    {
        BeginJoin();
        try
        {
            // The token was valid at the join and its signature still counts; that it expired in the middle of a call does not
            // end the call. The resume token proves who asks.
            Bearer bearer = await Authenticate(request.Token, askedRoom: null, ignoreExpiry: true);
            IParticipantGrain participant = ParticipantOf(bearer);
            ResumeCommand command = new(
                Context.ConnectionId, request.ParticipantSid, request.ResumeToken, (ulong)Math.Max(request.Version, 0));
            ResumeResult resumed = Require(await participant.Resume(command, Connection.Observer));
            if (!Connection.TryCompleteJoin(participant))
            {
                await participant.EdgeLost(Context.ConnectionId);
                throw Refusal.Of(SignalErrorCode.NotJoined, "The connection ended while resuming.");
            }

            logger.Resumed(resumed.Participant.Sid, Context.ConnectionId);
            ResumeResponse response = new(
                ToClient.Room(resumed.Room),
                ToClient.Participant(resumed.Participant),
                resumed.TransportLost,
                resumed.NegotiationNeeded);
            order.OpenAfter(response, Connection.Outbox);
            return response;
        }
        finally
        {
            Connection.RefuseJoin();
        }
    }

    public async Task<Answer> Offer(OfferRequest request) => ToClient.Answer(Require(
        await Participant.Offer(new OfferCommand(Context.ConnectionId, FromClient.Offer(request.Offer), request.NewTransport))));

    public Task Candidate(IceCandidate candidate)
    {
        _ = Participant;
        return Task.CompletedTask;
    }

    public async Task<TrackInfo> Publish(PublishRequest request) =>
        ToClient.Track(Require(await Participant.Publish(FromClient.Publish(Context.ConnectionId, request))));

    public async Task Unpublish(TrackRef track) =>
        Require(await Participant.Unpublish(Context.ConnectionId, track.TrackSid));

    public async Task SetMuted(MuteRequest request) =>
        Require(await Participant.SetMuted(Context.ConnectionId, request.TrackSid, request.Muted));

    public async Task UpdateSubscriptions(SubscriptionRequest request) => Require(
        await Participant.UpdateSubscriptions(Context.ConnectionId, [.. request.TrackSids], request.Subscribe));

    public async Task<RoomState> GetSnapshot() => ToClient.Room(Require(await Participant.Snapshot(Context.ConnectionId)));

    public async Task Leave()
    {
        IParticipantGrain participant = Participant;
        Connection.End();
        await participant.Leave(Context.ConnectionId);
    }

    private static T Require<T>(Outcome<T> outcome)
        where T : class =>
        outcome.Error is { } error
            ? throw Refusal.Of(error)
            : outcome.Value ?? throw new InvalidOperationException("an outcome has neither value nor error");

    private void BeginJoin()
    {
        if (!Connection.TryBeginJoin())
        {
            throw Refusal.Of(SignalErrorCode.AlreadyJoined, "This connection has joined already.");
        }
    }

    private async Task<Bearer> Authenticate(string token, string? askedRoom, bool ignoreExpiry)
    {
        BearerFinding finding = await tokens.Verify(token, ignoreExpiry);
        TokenFailure? failure = finding.IsOk ? JoinRule.Check(finding.Bearer.Claims, askedRoom) : finding.Failure;
        if (failure is { } reason)
        {
            logger.TokenRefused(Context.ConnectionId, reason.ToString());
            SignalFailure refusal = TokenRefusal.Of(reason);
            throw Refusal.Of(refusal.Code, refusal.Message);
        }

        return finding.Bearer!;
    }

    private IParticipantGrain ParticipantOf(Bearer bearer) => grains.GetGrain<IParticipantGrain>(
        GrainKeys.Participant(bearer.ProjectId, bearer.Claims.Video.Room!, bearer.Claims.Subject));
}

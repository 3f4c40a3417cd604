using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Orleans;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Signaling.Contract;
using RtcPlatform.Signaling.Hubs;
using DisconnectReason = RtcPlatform.Grains.Contracts.DisconnectReason;

namespace RtcPlatform.Signaling.Connections;

/// <summary>Gives a new connection its outbox, its budget and its deadline, and takes them back.</summary>
internal sealed class ConnectionOpener(
    IHubContext<RoomHub, IRoomClient> hub,
    IGrainFactory grains,
    SignalingOptions options,
    TimeProvider time,
    ILogger<RoomHub> logger)
{
    public void Open(HubCallerContext context)
    {
        string connectionId = context.ConnectionId;
        EventOutbox outbox = new(hub.Clients.Client(connectionId), options.PendingEvents, time, Close);
        TimeSpan deadline = TimeSpan.FromSeconds(options.JoinDeadlineSeconds);
        ClientConnection? connection = null;
        connection = new ClientConnection(
            outbox,
            grains.CreateObjectReference<IParticipantObserver>(outbox),
            new CallBudget(options.CallsPerSecond, options.CallBurst, time.GetTimestamp()),
            time.CreateTimer(GiveUp, null, deadline, deadline));
        context.Items[typeof(ClientConnection)] = connection;
        _ = Run();

        void Close(string reason)
        {
            logger.ConnectionClosedByServer(connectionId, reason);
            context.Abort();
        }

        void GiveUp(object? state)
        {
            // A join on its way may still be refused; then the next round of the timer finds the connection idle.
            if (connection?.IsIdle != true)
            {
                return;
            }

            outbox.Open();
            outbox.Deliver(new DisconnectedEvent(DisconnectReason.ConnectionTimeout));
        }

        async Task Run()
        {
            try
            {
                await outbox.Run(context.ConnectionAborted);
            }
            catch (Exception problem)
            {
                logger.OutboxFailed(connectionId, problem);
                context.Abort();
            }
        }
    }

    public void Release(ClientConnection connection) =>
        grains.DeleteObjectReference<IParticipantObserver>(connection.Observer);
}

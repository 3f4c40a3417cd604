using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using RtcPlatform.Signaling.Connections;
using RtcPlatform.Signaling.Contract;
using RtcPlatform.Signaling.Protocol;

namespace RtcPlatform.Signaling.Hubs;

/// <summary>Around every call: the budget before it, and afterwards an error that the client can read and we can find
/// again.</summary>
internal sealed class CallGate(TimeProvider time, ILogger<RoomHub> logger) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        ClientConnection connection = ClientConnection.Of(invocationContext.Context);
        if (!connection.Budget.TryTake(time, time.GetTimestamp()))
        {
            throw Refusal.Of(SignalErrorCode.LimitExceeded, "Too many calls; slow down.");
        }

        try
        {
            return await next(invocationContext);
        }
        catch (Exception problem) when (problem is not HubException)
        {
            string correlationId = Guid.NewGuid().ToString("N")[..12];
            logger.CallFailed(invocationContext.HubMethodName, invocationContext.Context.ConnectionId, correlationId, problem);
            throw Refusal.Of(SignalErrorCode.Internal, $"Something went wrong on the server (correlation {correlationId}).");
        }
    }
}

using System.Runtime.CompilerServices;
using RtcPlatform.Signaling.Connections;

namespace RtcPlatform.Signaling.Protocol;

/// <summary>
/// Opens a connection's outbox at the moment when the answer to its join stands in the output. SignalR writes under one lock per
/// connection, so no event that follows the join can reach the client before the join's answer, which is what it applies to.
/// </summary>
internal sealed class ResponseOrder
{
    private readonly ConditionalWeakTable<object, EventOutbox> _waiting = [];

    public void OpenAfter(object response, EventOutbox outbox) => _waiting.Add(response, outbox);

    public void Written(object? response)
    {
        if (response is not null && _waiting.TryGetValue(response, out EventOutbox? outbox))
        {
            _waiting.Remove(response);
            outbox.Open();
        }
    }
}

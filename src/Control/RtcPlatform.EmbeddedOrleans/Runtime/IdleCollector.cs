namespace RtcPlatform.EmbeddedOrleans.Runtime;

/// <summary>Ends, from time to time, the activations that nothing has used for their collection age.</summary>
internal sealed class IdleCollector : IDisposable
{
    private readonly ITimer _timer;

    public IdleCollector(Silo silo) => _timer = silo.Time.CreateTimer(
        _ =>
        {
            foreach (var activation in silo.Activations)
            {
                activation.CollectIfIdle();
            }
        },
        null,
        silo.Collection.CollectionQuantum,
        silo.Collection.CollectionQuantum);

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();
}

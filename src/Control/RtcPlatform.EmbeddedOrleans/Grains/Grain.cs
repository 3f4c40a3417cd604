using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Runtime;

namespace Orleans;

/// <summary>What a grain class must offer when it does not derive from <see cref="Grain"/>.</summary>
public interface IGrainBase : IAddressable
{
    /// <summary>The activation this object belongs to.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Called before the first call.</summary>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Called after the last call.</summary>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}

/// <summary>The class that grain classes derive from.</summary>
public abstract class Grain : IGrainBase
{
    private readonly IGrainContext? _context;
    private IGrainFactory? _factory;

    /// <summary>Called by the runtime, which has said before which activation is under construction.</summary>
    protected Grain()
        : this(RuntimeContext.Current!)
    {
    }

    /// <summary>For tests that bring a context of their own.</summary>
    protected Grain(IGrainContext grainContext) => _context = grainContext;

    /// <inheritdoc />
    public IGrainContext GrainContext => _context ?? throw new InvalidOperationException(
        $"{GetType()} was constructed outside of the grain runtime, so it has no context");

    /// <summary>A reference to this grain.</summary>
    public GrainReference GrainReference => GrainContext.GrainReference;

    /// <summary>The grain's id as text.</summary>
    public string IdentityString => GrainContext.GrainId.ToString();

    /// <summary>References to other grains.</summary>
    protected IGrainFactory GrainFactory => _factory ??= ServiceProvider.GetRequiredService<IGrainFactory>();

    /// <summary>The services of this activation.</summary>
    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    /// <summary>Called before the first call; an exception here goes to the callers, and the next call tries anew.</summary>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called after the last call, unless the process dies.</summary>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation once its running calls are done.</summary>
    protected void DeactivateOnIdle() => ((IGrainBase)this).DeactivateOnIdle();

    /// <summary>Keeps this activation in memory for at least <paramref name="timeSpan"/> from now.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.Of(GrainContext).DelayDeactivation(timeSpan);
}

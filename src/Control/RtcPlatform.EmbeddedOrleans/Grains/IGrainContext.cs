namespace Orleans.Runtime;

/// <summary>One activation as the runtime sees it.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    /// <summary>A reference to the grain.</summary>
    GrainReference GrainReference { get; }

    /// <summary>Which grain.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain object; null until it is constructed.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of this activation (a scope of its own).</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation has ended. Never await it inside the same grain.</summary>
    Task Deactivated { get; }

    /// <summary>Ends the activation once its running calls are done; waiting calls go to a new one.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}

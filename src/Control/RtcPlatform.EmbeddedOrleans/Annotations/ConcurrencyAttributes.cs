namespace Orleans.Concurrency;

/// <summary>A method that changes nothing: such calls may interleave with each other, but not with others.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>A grain class whose calls may all interleave at their awaits.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;

/// <summary>A method that may start while any other call of the grain is in progress.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>A method whose caller does not wait for an answer and hears of no error.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;

/// <summary>
/// A grain of which the cluster may run several activations. In this single process there is one, which the contract allows.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute : Attribute
{
    /// <summary>As many activations as there are cores.</summary>
    public StatelessWorkerAttribute()
    {
    }

    /// <summary>At most <paramref name="maxLocalWorkers"/> activations on one silo.</summary>
    public StatelessWorkerAttribute(int maxLocalWorkers) => ArgumentOutOfRangeException.ThrowIfNegative(maxLocalWorkers);

    /// <summary>At most <paramref name="maxLocalWorkers"/> activations on one silo, and whether idle ones are removed.</summary>
    public StatelessWorkerAttribute(int maxLocalWorkers, bool removeIdleWorkers)
        : this(maxLocalWorkers) => _ = removeIdleWorkers;
}

/// <summary>A value that its sender promises never to change, passed without a copy.</summary>
[GenerateSerializer, Immutable]
public readonly struct Immutable<T>(T value)
{
    /// <summary>The value itself, shared between sender and receiver.</summary>
    [Id(0)]
    public readonly T Value = value;
}

/// <summary>Wraps values as immutable.</summary>
public static class ImmutableExtensions
{
    /// <summary>Wraps <paramref name="value"/> so that it is passed without a copy.</summary>
    public static Immutable<T> AsImmutable<T>(this T value) => new(value);
}

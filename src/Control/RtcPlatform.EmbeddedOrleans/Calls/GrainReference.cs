using System.ComponentModel;
using RtcPlatform.EmbeddedOrleans.Calls;
using RtcPlatform.EmbeddedOrleans.Runtime;

namespace Orleans.Runtime;

/// <summary>The address of a grain or observer. References of the same grain are equal, whatever their interface.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private Silo _silo = null!;
    private GrainMethod[] _methods = [];

    /// <summary>Called by generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected GrainReference()
    {
    }

    /// <summary>Which grain.</summary>
    public GrainId GrainId { get; private set; }

    /// <summary>The interface through which it is called.</summary>
    public virtual string InterfaceName { get; private set; } = "";

    internal GrainFactory Factory => _silo.Factory;

    internal Silo Silo => _silo;

    internal static GrainReference Untyped(Silo silo, GrainId id)
    {
        var reference = new GrainReference();
        reference.Bind(silo, id, "", []);
        return reference;
    }

    internal void Bind(Silo silo, GrainId id, string interfaceName, GrainMethod[] methods)
    {
        _silo = silo;
        _methods = methods;
        GrainId = id;
        InterfaceName = interfaceName;
    }

    /// <inheritdoc />
    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc />
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc />
    public sealed override string ToString() => $"GrainReference:{GrainId}:{InterfaceName}";

    /// <summary>Whether both name the same grain.</summary>
    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) =>
        reference1 is null ? reference2 is null : reference1.Equals(reference2);

    /// <summary>Whether they name different grains.</summary>
    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !(reference1 == reference2);

    /// <summary>Called by generated code only: a method that returns <see cref="Task"/>.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected Task CallTask(int method, object?[] arguments) => Send<Nothing>(method, arguments);

    /// <summary>Called by generated code only: a method that returns <see cref="Task{T}"/>.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected Task<T> CallTaskOf<T>(int method, object?[] arguments) => Send<T>(method, arguments);

    /// <summary>Called by generated code only: a method that returns <see cref="ValueTask"/>.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected ValueTask CallValueTask(int method, object?[] arguments) => new(Send<Nothing>(method, arguments));

    /// <summary>Called by generated code only: a method that returns <see cref="ValueTask{T}"/>.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected ValueTask<T> CallValueTaskOf<T>(int method, object?[] arguments) => new(Send<T>(method, arguments));

    /// <summary>Called by generated code only: an observer's method without a result.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected void CallVoid(int method, object?[] arguments)
    {
        var sent = Send<Nothing>(method, arguments);
        if (sent.IsFaulted)
        {
            sent.GetAwaiter().GetResult();
        }
    }

    private Task<T> Send<T>(int method, object?[] arguments) => ((GrainMethod<T>)_methods[method]).Send(_silo, GrainId, arguments);
}

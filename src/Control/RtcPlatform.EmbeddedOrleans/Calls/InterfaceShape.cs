using System.Collections.Concurrent;
using System.Linq.Expressions;
using Orleans.Runtime;
using Orleans.Serialization;
using RtcPlatform.EmbeddedOrleans.Rules;
using RtcPlatform.EmbeddedOrleans.Runtime;

namespace RtcPlatform.EmbeddedOrleans.Calls;

/// <summary>What the runtime knows of one grain or observer interface; the same for every silo in the process.</summary>
internal sealed class InterfaceShape
{
    private static readonly ConcurrentDictionary<Type, Lazy<InterfaceShape>> Known = new();

    private readonly GrainMethod[] _methods;
    private readonly Func<GrainReference> _create;
    private readonly string _name;

    private InterfaceShape(Type type)
    {
        var violations = GrainInterfaceRules.CheckInterface(type);
        if (violations.Count > 0)
        {
            throw new CodecNotFoundException(
                $"{type} cannot be called: {string.Join("; ", violations.Select(v => v.ToString()))}");
        }

        var methods = GrainInterfaceRules.MethodsOf(type);
        _name = type.FullName ?? type.Name;
        _methods = [.. methods.Select(GrainMethod.Create)];
        _create = Expression.Lambda<Func<GrainReference>>(Expression.New(ProxyBuilder.Build(type, methods))).Compile();
    }

    /// <summary>The shape of an interface.</summary>
    /// <exception cref="CodecNotFoundException">A method breaks the rules of grain interfaces.</exception>
    public static InterfaceShape Of(Type type) => Known.GetOrAdd(type, static t => new(() => new InterfaceShape(t))).Value;

    /// <summary>A reference that implements the interface.</summary>
    public GrainReference CreateReference(Silo silo, GrainId id)
    {
        var reference = _create();
        reference.Bind(silo, id, _name, _methods);
        return reference;
    }
}

using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Storage;

namespace RtcPlatform.EmbeddedOrleans.Runtime;

/// <summary>One grain class: its name in ids, its attributes, how it is constructed.</summary>
internal sealed class GrainClass
{
    private readonly TimeSpan? _collectionAge;
    private readonly Lazy<ConstructorInfo> _constructor;

    public GrainClass(Type type)
    {
        Class = type;
        Type = type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? GrainType.Create(DefaultName(type));
        Reentrant = type.IsDefined(typeof(ReentrantAttribute));
        _collectionAge = type.IsDefined(typeof(KeepAliveAttribute))
            ? TimeSpan.MaxValue
            : type.GetCustomAttribute<CollectionAgeLimitAttribute>() is { } limit
                ? limit.AlwaysActive ? TimeSpan.MaxValue : limit.AgeLimit
                : null;
        _constructor = new(ChooseConstructor);
    }

    public Type Class { get; }

    public GrainType Type { get; }

    public bool Reentrant { get; }

    /// <summary>How long it stays unused in memory.</summary>
    public TimeSpan CollectionAge(Silo silo) =>
        silo.Collection.ClassSpecificCollectionAge.TryGetValue(Class.FullName!, out var configured)
            ? configured
            : _collectionAge ?? silo.Collection.CollectionAge;

    /// <summary>Makes the object, with services of the activation's scope and its persistent states.</summary>
    public (object Instance, IReadOnlyList<ILoadable> States) Construct(Activation activation)
    {
        var states = new List<ILoadable>();
        var arguments = Array.ConvertAll(_constructor.Value.GetParameters(), parameter => Resolve(parameter, activation, states));
        return (_constructor.Value.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null), states);
    }

    private static object? Resolve(ParameterInfo parameter, Activation activation, List<ILoadable> states)
    {
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } facet)
        {
            var state = PersistentStates.Create(parameter, facet, activation);
            states.Add(state);
            return state;
        }

        if (parameter.ParameterType == typeof(IGrainContext))
        {
            return activation;
        }

        var services = activation.ActivationServices;
        var service = parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed
            ? ((IKeyedServiceProvider)services).GetKeyedService(parameter.ParameterType, keyed.Key)
            : services.GetService(parameter.ParameterType);
        return service
            ?? (parameter.HasDefaultValue
                ? parameter.DefaultValue
                : throw new InvalidOperationException(
                    $"Unable to resolve service for type '{parameter.ParameterType}' while attempting to activate"
                    + $" '{parameter.Member.DeclaringType}'."));
    }

    private static string DefaultName(Type type)
    {
        var name = type.Name.ToLowerInvariant();
        return name.Length > "grain".Length && name.EndsWith("grain", StringComparison.Ordinal) ? name[..^"grain".Length] : name;
    }

    private ConstructorInfo ChooseConstructor()
    {
        var constructors = Class.GetConstructors();
        return constructors.FirstOrDefault(c => c.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? constructors.MaxBy(c => c.GetParameters().Length)
            ?? throw new InvalidOperationException($"{Class} has no public constructor");
    }
}

using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using RtcPlatform.EmbeddedOrleans.Runtime;

namespace RtcPlatform.EmbeddedOrleans.Storage;

/// <summary>Something that is read before its grain is activated.</summary>
internal interface ILoadable
{
    /// <summary>Reads it.</summary>
    Task LoadAsync(CancellationToken cancellationToken);
}

/// <summary>Makes the states that a grain's constructor asks for.</summary>
internal static class PersistentStates
{
    /// <summary>Orleans' name of the default storage.</summary>
    public const string DefaultStorageName = "Default";

    /// <summary>The state for a constructor's parameter.</summary>
    /// <exception cref="ArgumentException">The parameter is not an <see cref="IPersistentState{T}"/>.</exception>
    /// <exception cref="OrleansConfigurationException">The storage is not registered.</exception>
    public static ILoadable Create(ParameterInfo parameter, PersistentStateAttribute facet, Activation activation)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new ArgumentException($"{parameter.Name} of {parameter.Member.DeclaringType} is not an IPersistentState", parameter.Name);
        }

        var storageName = string.IsNullOrEmpty(facet.StorageName) ? DefaultStorageName : facet.StorageName;
        var storage = activation.ActivationServices.GetKeyedService<IGrainStorage>(storageName)
            ?? throw new OrleansConfigurationException(
                $"No storage provider found loaded with name \"{storageName}\", which {parameter.Member.DeclaringType} needs");
        return (ILoadable)Activator.CreateInstance(
            typeof(PersistentState<>).MakeGenericType(type.GetGenericArguments()), facet.StateName, activation.GrainId, storage)!;
    }

    /// <summary>The content of a state that was never written.</summary>
    public static T NewContent<T>() =>
        typeof(T).IsValueType ? default!
        : typeof(T).GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []) is not null
            ? (T)Activator.CreateInstance(typeof(T), nonPublic: true)!
            : typeof(T).IsArray || typeof(T) == typeof(string) ? default! : (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
}

/// <summary>One state of one activation.</summary>
internal sealed class PersistentState<TState>(string name, GrainId grain, IGrainStorage storage) : IPersistentState<TState>, ILoadable
{
    private readonly GrainState<TState> _record = new(PersistentStates.NewContent<TState>());

    public TState State
    {
        get => _record.State!;
        set => _record.State = value;
    }

    public string? Etag => _record.ETag;

    public bool RecordExists => _record.RecordExists;

    public Task LoadAsync(CancellationToken cancellationToken) => ReadStateAsync(cancellationToken);

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) => storage.ReadStateAsync(name, grain, _record, cancellationToken);

    public Task WriteStateAsync(CancellationToken cancellationToken) => storage.WriteStateAsync(name, grain, _record, cancellationToken);

    public Task ClearStateAsync(CancellationToken cancellationToken) => storage.ClearStateAsync(name, grain, _record, cancellationToken);
}

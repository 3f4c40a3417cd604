using System.Globalization;
using Orleans;
using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Calls;

namespace RtcPlatform.EmbeddedOrleans.Runtime;

/// <summary>Makes references; the same one serves grains and the code outside of them.</summary>
internal sealed class GrainFactory(Silo silo) : IClusterClient
{
    public IServiceProvider ServiceProvider => silo.Services;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        Create<TGrainInterface>(primaryKey, grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        Create<TGrainInterface>(primaryKey.ToString("N"), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        Create<TGrainInterface>(primaryKey.ToString("X", CultureInfo.InvariantCulture), grainClassNamePrefix);

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(grainPrimaryKey);
        var type = silo.Classes.ImplementationOf(grainInterfaceType, null).Type;
        return (IGrain)GetGrain(grainInterfaceType, GrainId.Create(type, grainPrimaryKey));
    }

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)GetGrain(typeof(TGrainInterface), grainId);

    /// <summary>A reference as this interface, to whatever the id names.</summary>
    public object GetGrain(Type grainInterfaceType, GrainId grainId) =>
        InterfaceShape.Of(grainInterfaceType).CreateReference(silo, grainId);

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(obj);
        if (obj is GrainReference)
        {
            throw new ArgumentException("It is a reference already", nameof(obj));
        }

        var shape = InterfaceShape.Of(typeof(TGrainObserverInterface));
        return (TGrainObserverInterface)(object)shape.CreateReference(silo, silo.Observers.Add(obj));
    }

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        var reference = obj as GrainReference
            ?? throw new ArgumentException("It is not a reference; give what CreateObjectReference returned", nameof(obj));
        silo.Observers.Remove(reference.GrainId);
    }

    private TGrainInterface Create<TGrainInterface>(string key, string? prefix)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        var type = silo.Classes.ImplementationOf(typeof(TGrainInterface), prefix).Type;
        var shape = InterfaceShape.Of(typeof(TGrainInterface));
        return (TGrainInterface)(object)shape.CreateReference(silo, GrainId.Create(type, key));
    }
}

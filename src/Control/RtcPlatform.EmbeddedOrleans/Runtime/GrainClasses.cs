using System.Collections.Concurrent;
using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace RtcPlatform.EmbeddedOrleans.Runtime;

/// <summary>The grain classes of the process, found by looking through the assemblies that know this one.</summary>
internal sealed class GrainClasses
{
    private readonly Lock _gate = new();
    private readonly HashSet<Assembly> _scanned = [];
    private readonly ConcurrentDictionary<GrainType, GrainClass> _byType = new();
    private readonly ConcurrentDictionary<(Type, string?), GrainClass> _byInterface = new();

    /// <summary>The class behind a grain type.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public GrainClass Of(GrainType type)
    {
        if (_byType.TryGetValue(type, out var found))
        {
            return found;
        }

        Scan(null);
        return _byType.TryGetValue(type, out found) ? found : throw new ArgumentException($"No grain class has the type {type}");
    }

    /// <summary>The class that implements a grain interface.</summary>
    /// <param name="grainInterface">The interface.</param>
    /// <param name="prefix">Beginning of the full class name, where several implement it.</param>
    /// <exception cref="ArgumentException">There is none, or more than one.</exception>
    public GrainClass ImplementationOf(Type grainInterface, string? prefix)
    {
        if (_byInterface.TryGetValue((grainInterface, prefix), out var found))
        {
            return found;
        }

        Scan(grainInterface.Assembly);
        var candidates = _byType.Values
            .Where(c => grainInterface.IsAssignableFrom(c.Class)
                && (prefix is null || c.Class.FullName!.StartsWith(prefix, StringComparison.Ordinal)))
            .ToArray();
        return candidates switch
        {
            [var one] => _byInterface.GetOrAdd((grainInterface, prefix), one),
            [] => throw new ArgumentException($"Could not find an implementation for interface {grainInterface}"),
            _ => throw new ArgumentException(
                $"{grainInterface} has several implementations: {string.Join(", ", candidates.Select(c => c.Class.FullName))}"),
        };
    }

    private void Scan(Assembly? wanted)
    {
        lock (_gate)
        {
            var open = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(a => !a.IsDynamic));
            if (wanted is not null)
            {
                open.Enqueue(wanted);
            }

            while (open.TryDequeue(out var assembly))
            {
                if (!_scanned.Add(assembly) || !Knows(assembly))
                {
                    continue;
                }

                AddClasses(assembly);
                foreach (var name in assembly.GetReferencedAssemblies().Where(n => IsOurs(n.Name!)))
                {
                    open.Enqueue(Assembly.Load(name));
                }
            }
        }
    }

    private static bool IsOurs(string name) =>
        !name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("Microsoft.", StringComparison.Ordinal);

    // An entry assembly may use the grains only through other assemblies, so it is looked through whatever it references.
    private static bool Knows(Assembly assembly) =>
        assembly == Assembly.GetEntryAssembly()
        || assembly.GetReferencedAssemblies().Any(n => n.Name == typeof(GrainClasses).Assembly.GetName().Name);

    private void AddClasses(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes())
        {
            if (type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
                && typeof(IGrain).IsAssignableFrom(type) && typeof(IGrainBase).IsAssignableFrom(type))
            {
                var grainClass = new GrainClass(type);
                if (!_byType.TryAdd(grainClass.Type, grainClass))
                {
                    throw new OrleansConfigurationException(
                        $"{type} and {_byType[grainClass.Type].Class} have the same grain type {grainClass.Type};"
                        + " give one of them a [GrainType]");
                }
            }
        }
    }
}

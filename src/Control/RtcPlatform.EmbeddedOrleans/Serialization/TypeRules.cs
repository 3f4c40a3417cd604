using System.Collections.Immutable;
using System.Numerics;
using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace RtcPlatform.EmbeddedOrleans.Serialization;

/// <summary>Which types may travel in grain calls, and which of them nobody can change.</summary>
internal static class TypeRules
{
    private static readonly HashSet<Type> Frozen =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(Half), typeof(Int128), typeof(UInt128), typeof(BigInteger), typeof(char),
        typeof(System.Text.Rune), typeof(System.Net.IPAddress), typeof(System.Net.IPEndPoint), typeof(CancellationToken),
        typeof(System.Globalization.CultureInfo), typeof(GrainId), typeof(GrainType), typeof(IdSpan),
    ];

    /// <summary>Generic containers that travel when what they contain does.</summary>
    private static readonly HashSet<Type> Containers =
    [
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(List<>), typeof(Dictionary<,>), typeof(HashSet<>), typeof(Queue<>),
        typeof(Stack<>), typeof(SortedDictionary<,>), typeof(SortedSet<>), typeof(LinkedList<>),
        typeof(System.Collections.ObjectModel.ReadOnlyCollection<>),
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>),
        typeof(ImmutableSortedDictionary<,>), typeof(ImmutableSortedSet<>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>),
        typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>), typeof(Tuple<,,,,>),
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>),
        typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>), typeof(Orleans.Concurrency.Immutable<>),
    ];

    private static readonly HashSet<Type> Interfaces =
    [
        typeof(IEnumerable<>), typeof(ICollection<>), typeof(IReadOnlyCollection<>), typeof(IList<>), typeof(IReadOnlyList<>),
        typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>), typeof(ISet<>), typeof(IReadOnlySet<>),
        typeof(IImmutableList<>), typeof(IImmutableDictionary<,>), typeof(IImmutableSet<>),
    ];

    /// <summary>Whether the type is one of those that hold a value nobody can change.</summary>
    public static bool IsFrozenLeaf(Type type) => type.IsPrimitive || type.IsEnum || Frozen.Contains(type)
        || type.IsDefined(typeof(ImmutableAttribute), false) || typeof(IAddressable).IsAssignableFrom(type) || typeof(Type).IsAssignableFrom(type);

    /// <summary>Whether the type is a known container of its type arguments.</summary>
    public static bool IsContainer(Type type) => type.IsGenericType && Containers.Contains(type.GetGenericTypeDefinition());

    /// <summary>Whether values are copied by their run-time type.</summary>
    public static bool IsOpen(Type type) => type == typeof(object) || type.IsInterface || type.IsAbstract || !type.IsSealed;

    /// <summary>Why the type may not travel.</summary>
    /// <returns>One line per reason; empty when it may.</returns>
    public static IReadOnlyList<string> Violations(Type type)
    {
        var found = new List<string>();
        Check(type, type.Name, found, []);
        return found;
    }

    private static void Check(Type type, string path, List<string> found, HashSet<Type> seen)
    {
        if (!seen.Add(type) || type == typeof(object) || type.IsPrimitive || Frozen.Contains(type)
            || typeof(IAddressable).IsAssignableFrom(type) || type == typeof(Type))
        {
            return;
        }

        if (type.IsPointer || type.IsByRefLike || typeof(Delegate).IsAssignableFrom(type) || typeof(Task).IsAssignableFrom(type))
        {
            found.Add($"{path}: {Readable(type)} cannot be serialized");
        }
        else if (type.IsArray)
        {
            CheckArray(type, path, found, seen);
        }
        else if (IsContainer(type) || (type.IsGenericType && Interfaces.Contains(type.GetGenericTypeDefinition())))
        {
            foreach (var argument in type.GetGenericArguments())
            {
                Check(argument, $"{path}<{argument.Name}>", found, seen);
            }
        }
        else if (type.IsEnum || typeof(Exception).IsAssignableFrom(type))
        {
            return;
        }
        else if (!type.IsDefined(typeof(GenerateSerializerAttribute), false))
        {
            found.Add($"{path}: {Readable(type)} has no [GenerateSerializer]");
        }
        else
        {
            CheckMembers(type, path, found, seen);
        }
    }

    private static void CheckArray(Type type, string path, List<string> found, HashSet<Type> seen)
    {
        if (type.GetArrayRank() > 1)
        {
            found.Add($"{path}: {Readable(type)} has more than one dimension; use an array of arrays");
            return;
        }

        Check(type.GetElementType()!, path + "[]", found, seen);
    }

    private static void CheckMembers(Type type, string path, List<string> found, HashSet<Type> seen)
    {
        var (fields, withoutId) = SerializedMembers.Of(type);
        found.AddRange(withoutId.Select(name => $"{path}.{name}: needs an [Id]"));
        var repeated = type.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(m => m is PropertyInfo or FieldInfo && m.IsDefined(typeof(IdAttribute)))
            .GroupBy(m => m.GetCustomAttribute<IdAttribute>()!.Id)
            .Where(g => g.Count() > 1);
        found.AddRange(repeated.Select(g => $"{path}: [Id({g.Key})] is on {string.Join(" and ", g.Select(m => m.Name))}"));
        foreach (var field in fields)
        {
            var name = SerializedMembers.PropertyOf(field.DeclaringType!, field)?.Name ?? field.Name;
            Check(field.FieldType, $"{path}.{name}", found, seen);
        }

        for (var up = type.BaseType; up is not null && up != typeof(object) && up != typeof(ValueType); up = up.BaseType)
        {
            if (!up.IsDefined(typeof(GenerateSerializerAttribute), false))
            {
                found.Add($"{path}: its base {Readable(up)} has no [GenerateSerializer]");
            }
        }
    }

    private static string Readable(Type type) => type.IsGenericType
        ? $"{type.Name[..Math.Max(type.Name.IndexOf('`', StringComparison.Ordinal), 1)]}<{string.Join(", ", type.GetGenericArguments().Select(Readable))}>"
        : type.Name;
}

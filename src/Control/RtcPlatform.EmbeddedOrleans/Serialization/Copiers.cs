using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans.Runtime;
using Orleans.Serialization;

namespace RtcPlatform.EmbeddedOrleans.Serialization;

/// <summary>Finds or makes the copier of a type.</summary>
internal static class Copiers
{
    private static readonly ConcurrentDictionary<Type, Copier?> Known = new();

    private static readonly Dictionary<Type, Type> Collections = new()
    {
        [typeof(List<>)] = typeof(ListCopier<>),
        [typeof(Dictionary<,>)] = typeof(DictionaryCopier<,>),
        [typeof(HashSet<>)] = typeof(HashSetCopier<>),
        [typeof(Queue<>)] = typeof(QueueCopier<>),
        [typeof(Stack<>)] = typeof(StackCopier<>),
        [typeof(LinkedList<>)] = typeof(LinkedListCopier<>),
        [typeof(SortedDictionary<,>)] = typeof(SortedDictionaryCopier<,>),
        [typeof(SortedSet<>)] = typeof(SortedSetCopier<>),
        [typeof(System.Collections.ObjectModel.ReadOnlyCollection<>)] = typeof(ReadOnlyCollectionCopier<>),
        [typeof(ImmutableArray<>)] = typeof(ImmutableArrayCopier<>),
        [typeof(ImmutableList<>)] = typeof(ImmutableListCopier<>),
        [typeof(ImmutableHashSet<>)] = typeof(ImmutableHashSetCopier<>),
        [typeof(ImmutableSortedSet<>)] = typeof(ImmutableSortedSetCopier<>),
        [typeof(ImmutableQueue<>)] = typeof(ImmutableQueueCopier<>),
        [typeof(ImmutableStack<>)] = typeof(ImmutableStackCopier<>),
        [typeof(ImmutableDictionary<,>)] = typeof(ImmutableDictionaryCopier<,>),
        [typeof(ImmutableSortedDictionary<,>)] = typeof(ImmutableSortedDictionaryCopier<,>),
    };

    /// <summary>The copier for values declared as this type; null when they need no copy.</summary>
    /// <exception cref="CodecNotFoundException">The type has no serializer.</exception>
    public static Copier? For(Type type)
    {
        if (Known.TryGetValue(type, out var known))
        {
            return known;
        }

        var violations = TypeRules.Violations(type);
        if (violations.Count > 0)
        {
            throw new CodecNotFoundException($"Could not find a copier for type {type}: {string.Join("; ", violations)}");
        }

        return Known.GetOrAdd(type, Make);
    }

    /// <summary>A copy of the value that shares nothing changeable with it.</summary>
    public static T Copy<T>(T value) =>
        value is null || For(typeof(T)) is not { } copier ? value : (T)copier.Copy(value, new CopyContext());

    /// <summary>The copier for objects that are exactly of this type.</summary>
    public static Copier? ForExact(Type type)
    {
        if (type.IsSealed || !IsPlain(type))
        {
            return For(type);
        }

        return Exact.GetOrAdd(type, static t =>
        {
            var violations = TypeRules.Violations(t);
            return violations.Count > 0
                ? throw new CodecNotFoundException($"Could not find a copier for type {t}: {string.Join("; ", violations)}")
                : new MemberCopier(t);
        });
    }

    private static readonly ConcurrentDictionary<Type, Copier?> Exact = new();

    private static Copier? Make(Type type)
    {
        if (typeof(IAddressable).IsAssignableFrom(type))
        {
            return ReferenceCopier.Instance;
        }

        if (typeof(Exception).IsAssignableFrom(type) || FrozenTypes.IsFrozen(type))
        {
            return null;
        }

        if (type.IsArray)
        {
            return Generic(typeof(ArrayCopier<>), type.GetElementType()!);
        }

        if (type.IsGenericType && Collections.TryGetValue(type.GetGenericTypeDefinition(), out var collection))
        {
            return Generic(collection, type.GetGenericArguments());
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return For(underlying);
        }

        return TypeRules.IsOpen(type) && !TypeRules.IsContainer(type) ? RunTimeTypeCopier.Instance : new MemberCopier(type);
    }

    private static bool IsPlain(Type type) =>
        !type.IsArray && !TypeRules.IsContainer(type) && !type.IsAbstract && type != typeof(object)
        && !typeof(IAddressable).IsAssignableFrom(type) && !typeof(Exception).IsAssignableFrom(type) && !TypeRules.IsFrozenLeaf(type);

    private static Copier Generic(Type copier, params Type[] arguments) =>
        (Copier)Activator.CreateInstance(copier.MakeGenericType(arguments))!;
}

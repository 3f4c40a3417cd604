using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace RtcPlatform.EmbeddedOrleans.Serialization;

/// <summary>Types whose values nobody can change, down to the last member: a copy of them could not be told from the original.</summary>
internal static class FrozenTypes
{
    private static readonly HashSet<Type> FrozenWhenContentIs =
    [
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>),
        typeof(ImmutableSortedDictionary<,>), typeof(ImmutableSortedSet<>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>),
        typeof(KeyValuePair<,>), typeof(Nullable<>),
        typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>), typeof(Tuple<,,,,>),
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>),
        typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>),
    ];

    /// <summary>Whether values declared as this type may be shared.</summary>
    public static bool IsFrozen(Type type) => IsFrozen(type, []);

    private static bool IsFrozen(Type type, HashSet<Type> asked)
    {
        if (type.IsDefined(typeof(ImmutableAttribute), false))
        {
            return true;
        }

        if (typeof(Orleans.Runtime.IAddressable).IsAssignableFrom(type))
        {
            return false;
        }

        if (TypeRules.IsFrozenLeaf(type))
        {
            return true;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Immutable<>))
        {
            return true;
        }

        if (type.IsGenericType && FrozenWhenContentIs.Contains(type.GetGenericTypeDefinition()))
        {
            return Array.TrueForAll(type.GetGenericArguments(), argument => IsFrozen(argument, asked));
        }

        // A boxed struct handed to the receiver is unboxed there, so only what its fields refer to matters.
        if (!type.IsSealed || type.IsArray || !type.IsDefined(typeof(GenerateSerializerAttribute), false) || !asked.Add(type))
        {
            return false;
        }

        var all = type.GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public
            | System.Reflection.BindingFlags.NonPublic);
        var serialized = SerializedMembers.Of(type).Fields;
        return all.Length == serialized.Count
            && serialized.All(f => (f.IsInitOnly || type.IsValueType)
                && (f.IsDefined(typeof(ImmutableAttribute), false) || IsFrozen(f.FieldType, asked)));
    }
}

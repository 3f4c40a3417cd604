using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans;

namespace RtcPlatform.EmbeddedOrleans.Serialization;

/// <summary>
/// Which fields of a <c>[GenerateSerializer]</c> type travel: those with an <c>[Id]</c>, and what a record's primary constructor
/// declares. The others arrive with their default value, as with Orleans' generated serializers.
/// </summary>
internal static class SerializedMembers
{
    private const BindingFlags OwnFields =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The serialized fields of the type and its bases, and the members that lack an id.</summary>
    public static (IReadOnlyList<FieldInfo> Fields, IReadOnlyList<string> WithoutId) Of(Type type)
    {
        var fields = new List<FieldInfo>();
        var withoutId = new List<string>();
        for (var current = type; current is not null && !IsRoot(current); current = current.BaseType)
        {
            AddOwn(current, fields, withoutId);
        }

        return (fields, withoutId);
    }

    private static bool IsRoot(Type type) => type == typeof(object) || type == typeof(ValueType) || type == typeof(Exception);

    private static void AddOwn(Type type, List<FieldInfo> fields, List<string> withoutId)
    {
        var generator = type.GetCustomAttribute<GenerateSerializerAttribute>();
        var primary = generator is { IncludePrimaryConstructorParameters: true } || IsRecord(type) ? PrimaryParameters(type) : [];
        foreach (var field in type.GetFields(OwnFields))
        {
            if (field.IsDefined(typeof(NonSerializedAttribute)))
            {
                continue;
            }

            var property = PropertyOf(type, field);
            var member = (MemberInfo?)property ?? field;
            if (member.IsDefined(typeof(IdAttribute))
                || (property is not null && primary.Contains(property.Name))
                || (property is not null && generator?.GenerateFieldIds == GenerateFieldIds.PublicProperties))
            {
                fields.Add(field);
            }
            else if (property is not null || field.IsPublic)
            {
                withoutId.Add(member.Name);
            }
        }
    }

    /// <summary>The property whose value the field holds, when the compiler made the field for it.</summary>
    public static PropertyInfo? PropertyOf(Type type, FieldInfo field)
    {
        var name = field.Name;
        var end = name.IndexOf(">k__BackingField", StringComparison.Ordinal);
        return end > 1 && name[0] == '<'
            ? type.GetProperty(name[1..end], BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            : null;
    }

    private static bool IsRecord(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is { } method
        && method.IsDefined(typeof(CompilerGeneratedAttribute));

    // The primary constructor is the one whose parameters are what Deconstruct gives back.
    private static HashSet<string> PrimaryParameters(Type type) =>
        type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(c => c.GetParameters())
            .Where(p => p.Length > 0 && Array.TrueForAll(p, q => q.Name is not null
                && type.GetProperty(q.Name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic) is { } property
                && property.PropertyType == q.ParameterType))
            .Select(p => p.Select(q => q.Name!).ToHashSet(StringComparer.Ordinal))
            .MaxBy(p => p.Count) ?? [];
}

namespace Orleans;

/// <summary>Marks a type that may travel in grain calls. Its members carry <see cref="IdAttribute"/>; positional records do without.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class GenerateSerializerAttribute : Attribute
{
    /// <summary>Whether members without an id are given one.</summary>
    public GenerateFieldIds GenerateFieldIds { get; init; }

    /// <summary>Whether primary constructor parameters are serialized; records do so by default, other types do not.</summary>
    public bool IncludePrimaryConstructorParameters { get; init; }
}

/// <summary>Which members of a serialized type get an id without being marked.</summary>
public enum GenerateFieldIds
{
    /// <summary>Only marked members are serialized.</summary>
    None,

    /// <summary>Every public property is serialized.</summary>
    PublicProperties,
}

/// <summary>The stable number of a serialized member.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method
    | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class IdAttribute(uint id) : Attribute
{
    /// <summary>The number, unique within the declaring type.</summary>
    public uint Id { get; } = id;
}

/// <summary>A name for a type or method on the wire that survives renaming.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method
    | AttributeTargets.Interface, AllowMultiple = true)]
public sealed class AliasAttribute(string alias) : Attribute
{
    /// <summary>The name.</summary>
    public string Alias { get; } = alias;
}

/// <summary>The author's promise that a value is never changed after it is sent, so that it is passed without a copy.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Property | AttributeTargets.Field
    | AttributeTargets.Parameter | AttributeTargets.ReturnValue, Inherited = false)]
public sealed class ImmutableAttribute : Attribute;

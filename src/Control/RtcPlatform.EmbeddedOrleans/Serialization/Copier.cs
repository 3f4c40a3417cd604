namespace RtcPlatform.EmbeddedOrleans.Serialization;

/// <summary>Copies objects of one type, as a trip through Orleans' serializer would.</summary>
internal abstract class Copier
{
    /// <summary>A copy that shares nothing changeable with <paramref name="source"/>.</summary>
    public abstract object Copy(object source, CopyContext context);

    /// <summary>The copy of one member or element, which may be null.</summary>
    public static T Member<T>(Copier? copier, T value, CopyContext context) =>
        copier is null || value is null ? value : (T)copier.Copy(value, context);
}

/// <summary>What has been copied in one message, so that an object that occurs twice, or contains itself, stays one object.</summary>
internal sealed class CopyContext
{
    private Dictionary<object, object>? _copies;

    /// <summary>The copy made before of this very object.</summary>
    public bool TryGet(object source, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out object? copy)
    {
        copy = null;
        return _copies is not null && _copies.TryGetValue(source, out copy);
    }

    /// <summary>Remembers a copy. Called before the members are copied, because they may lead back.</summary>
    public void Remember(object source, object copy) =>
        (_copies ??= new Dictionary<object, object>(ReferenceEqualityComparer.Instance))[source] = copy;
}

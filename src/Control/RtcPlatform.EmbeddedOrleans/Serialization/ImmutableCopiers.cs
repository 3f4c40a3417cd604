using System.Collections.Immutable;

namespace RtcPlatform.EmbeddedOrleans.Serialization;

// These run only when the content can change; an immutable collection of immutable things is passed as it is.
internal sealed class ImmutableArrayCopier<T> : Copier
{
    private readonly Copier? _element = Copiers.For(typeof(T));

    public override object Copy(object source, CopyContext context)
    {
        var typed = (ImmutableArray<T>)source;
        return typed.IsDefault ? source : ImmutableArray.CreateRange(typed, item => Member(_element, item, context));
    }
}

internal sealed class ImmutableListCopier<T> : Copier
{
    private readonly Copier? _element = Copiers.For(typeof(T));

    public override object Copy(object source, CopyContext context) =>
        ImmutableList.CreateRange(((ImmutableList<T>)source).Select(item => Member(_element, item, context)));
}

internal sealed class ImmutableQueueCopier<T> : Copier
{
    private readonly Copier? _element = Copiers.For(typeof(T));

    public override object Copy(object source, CopyContext context) =>
        ImmutableQueue.CreateRange(((ImmutableQueue<T>)source).Select(item => Member(_element, item, context)));
}

internal sealed class ImmutableStackCopier<T> : Copier
{
    private readonly Copier? _element = Copiers.For(typeof(T));

    public override object Copy(object source, CopyContext context) =>
        ImmutableStack.CreateRange(((ImmutableStack<T>)source).Reverse().Select(item => Member(_element, item, context)));
}

internal sealed class ImmutableHashSetCopier<T> : Copier
{
    private readonly Copier? _element = Copiers.For(typeof(T));

    public override object Copy(object source, CopyContext context)
    {
        var typed = (ImmutableHashSet<T>)source;
        return ImmutableHashSet.CreateRange(typed.KeyComparer, typed.Select(item => Member(_element, item, context)));
    }
}

internal sealed class ImmutableSortedSetCopier<T> : Copier
{
    private readonly Copier? _element = Copiers.For(typeof(T));

    public override object Copy(object source, CopyContext context)
    {
        var typed = (ImmutableSortedSet<T>)source;
        return ImmutableSortedSet.CreateRange(typed.KeyComparer, typed.Select(item => Member(_element, item, context)));
    }
}

internal sealed class ImmutableDictionaryCopier<TKey, TValue> : Copier
    where TKey : notnull
{
    private readonly Copier? _key = Copiers.For(typeof(TKey));
    private readonly Copier? _value = Copiers.For(typeof(TValue));

    public override object Copy(object source, CopyContext context)
    {
        var typed = (ImmutableDictionary<TKey, TValue>)source;
        return ImmutableDictionary.CreateRange(
            typed.KeyComparer,
            typed.ValueComparer,
            typed.Select(pair => KeyValuePair.Create(Member(_key, pair.Key, context), Member(_value, pair.Value, context))));
    }
}

internal sealed class ImmutableSortedDictionaryCopier<TKey, TValue> : Copier
    where TKey : notnull
{
    private readonly Copier? _key = Copiers.For(typeof(TKey));
    private readonly Copier? _value = Copiers.For(typeof(TValue));

    public override object Copy(object source, CopyContext context)
    {
        var typed = (ImmutableSortedDictionary<TKey, TValue>)source;
        return ImmutableSortedDictionary.CreateRange(
            typed.KeyComparer,
            typed.ValueComparer,
            typed.Select(pair => KeyValuePair.Create(Member(_key, pair.Key, context), Member(_value, pair.Value, context))));
    }
}

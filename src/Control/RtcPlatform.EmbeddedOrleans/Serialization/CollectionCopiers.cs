using System.Collections.ObjectModel;

namespace RtcPlatform.EmbeddedOrleans.Serialization;

/// <summary>What copiers of changeable collections have in common: an object that occurs twice stays one.</summary>
internal abstract class CollectionCopier<TCollection> : Copier
    where TCollection : class
{
    public sealed override object Copy(object source, CopyContext context)
    {
        if (context.TryGet(source, out var known))
        {
            return known;
        }

        var typed = (TCollection)source;
        var copy = Empty(typed);
        context.Remember(source, copy);
        Fill(typed, copy, context);
        return copy;
    }

    /// <summary>A new collection with the same comparer.</summary>
    protected abstract TCollection Empty(TCollection source);

    /// <summary>Copies the content.</summary>
    protected abstract void Fill(TCollection source, TCollection copy, CopyContext context);
}

internal sealed class ArrayCopier<T> : CollectionCopier<T[]>
{
    private readonly Copier? _element = Copiers.For(typeof(T));

    protected override T[] Empty(T[] source) => new T[source.Length];

    protected override void Fill(T[] source, T[] copy, CopyContext context)
    {
        if (_element is null)
        {
            source.CopyTo(copy, 0);
            return;
        }

        for (var i = 0; i < source.Length; i++)
        {
            copy[i] = Member(_element, source[i], context);
        }
    }
}

internal sealed class ListCopier<T> : CollectionCopier<List<T>>
{
    private readonly Copier? _element = Copiers.For(typeof(T));

    protected override List<T> Empty(List<T> source) => new(source.Count);

    protected override void Fill(List<T> source, List<T> copy, CopyContext context)
    {
        if (_element is null)
        {
            copy.AddRange(source);
            return;
        }

        foreach (var item in source)
        {
            copy.Add(Member(_element, item, context));
        }
    }
}

internal sealed class DictionaryCopier<TKey, TValue> : CollectionCopier<Dictionary<TKey, TValue>>
    where TKey : notnull
{
    private readonly Copier? _key = Copiers.For(typeof(TKey));
    private readonly Copier? _value = Copiers.For(typeof(TValue));

    protected override Dictionary<TKey, TValue> Empty(Dictionary<TKey, TValue> source) => new(source.Count, source.Comparer);

    protected override void Fill(Dictionary<TKey, TValue> source, Dictionary<TKey, TValue> copy, CopyContext context)
    {
        foreach (var (key, value) in source)
        {
            copy.Add(Member(_key, key, context), Member(_value, value, context));
        }
    }
}

internal sealed class SortedDictionaryCopier<TKey, TValue> : CollectionCopier<SortedDictionary<TKey, TValue>>
    where TKey : notnull
{
    private readonly Copier? _key = Copiers.For(typeof(TKey));
    private readonly Copier? _value = Copiers.For(typeof(TValue));

    protected override SortedDictionary<TKey, TValue> Empty(SortedDictionary<TKey, TValue> source) => new(source.Comparer);

    protected override void Fill(SortedDictionary<TKey, TValue> source, SortedDictionary<TKey, TValue> copy, CopyContext context)
    {
        foreach (var (key, value) in source)
        {
            copy.Add(Member(_key, key, context), Member(_value, value, context));
        }
    }
}

internal sealed class HashSetCopier<T> : CollectionCopier<HashSet<T>>
{
    private readonly Copier? _element = Copiers.For(typeof(T));

    protected override HashSet<T> Empty(HashSet<T> source) => new(source.Count, source.Comparer);

    protected override void Fill(HashSet<T> source, HashSet<T> copy, CopyContext context) =>
        copy.UnionWith(source.Select(item => Member(_element, item, context)));
}

internal sealed class SortedSetCopier<T> : CollectionCopier<SortedSet<T>>
{
    private readonly Copier? _element = Copiers.For(typeof(T));

    protected override SortedSet<T> Empty(SortedSet<T> source) => new(source.Comparer);

    protected override void Fill(SortedSet<T> source, SortedSet<T> copy, CopyContext context) =>
        copy.UnionWith(source.Select(item => Member(_element, item, context)));
}

internal sealed class QueueCopier<T> : CollectionCopier<Queue<T>>
{
    private readonly Copier? _element = Copiers.For(typeof(T));

    protected override Queue<T> Empty(Queue<T> source) => new(source.Count);

    protected override void Fill(Queue<T> source, Queue<T> copy, CopyContext context)
    {
        foreach (var item in source)
        {
            copy.Enqueue(Member(_element, item, context));
        }
    }
}

internal sealed class StackCopier<T> : CollectionCopier<Stack<T>>
{
    private readonly Copier? _element = Copiers.For(typeof(T));

    protected override Stack<T> Empty(Stack<T> source) => new(source.Count);

    protected override void Fill(Stack<T> source, Stack<T> copy, CopyContext context)
    {
        foreach (var item in source.Reverse())
        {
            copy.Push(Member(_element, item, context));
        }
    }
}

internal sealed class LinkedListCopier<T> : CollectionCopier<LinkedList<T>>
{
    private readonly Copier? _element = Copiers.For(typeof(T));

    protected override LinkedList<T> Empty(LinkedList<T> source) => new();

    protected override void Fill(LinkedList<T> source, LinkedList<T> copy, CopyContext context)
    {
        foreach (var item in source)
        {
            copy.AddLast(Member(_element, item, context));
        }
    }
}

internal sealed class ReadOnlyCollectionCopier<T> : Copier
{
    private readonly Copier? _element = Copiers.For(typeof(T));

    public override object Copy(object source, CopyContext context) =>
        new ReadOnlyCollection<T>([.. ((ReadOnlyCollection<T>)source).Select(item => Member(_element, item, context))]);
}

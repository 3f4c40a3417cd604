using RtcPlatform.Domain.Ids;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Delivery;

namespace RtcPlatform.Grains.Participant;

/// <summary>The event streams of one viewer: each keeps what nobody read yet, and hands on what comes while somebody reads.</summary>
internal sealed class EventStreams
{
    /// <summary>Of one session.</summary>
    public const int Most = 4;

    /// <summary>The oldest are given up beyond it: each event tells how things are, so the latest matter.</summary>
    private const int MostWaiting = 64;

    private readonly Dictionary<string, EventStream> _streams = new(StringComparer.Ordinal);

    public int Count => _streams.Count;

    public bool Wants(string type) => _streams.Values.Any(stream => stream.Types.Contains(type));

    public string Add(byte[] entropy, IEnumerable<string> types)
    {
        string id = Base62.Encode(entropy, 12);
        _streams.Add(id, new EventStream(types.ToHashSet(StringComparer.Ordinal)));
        return id;
    }

    public bool Read(string id, ISessionEventObserver reader)
    {
        if (!_streams.TryGetValue(id, out EventStream? stream))
        {
            return false;
        }

        stream.Reader?.End();
        stream.Reader = new Reader(reader);
        while (stream.Waiting.TryDequeue(out (string Type, string Data) waiting))
        {
            stream.Reader.Tell(waiting.Type, waiting.Data);
        }

        return true;
    }

    public bool Remove(string id)
    {
        bool found = _streams.Remove(id, out EventStream? stream);
        stream?.Reader?.End();
        return found;
    }

    /// <summary>To every stream that asked for the type.</summary>
    public void Tell(string type, string data)
    {
        foreach (EventStream stream in _streams.Values)
        {
            Tell(stream, type, data);
        }
    }

    /// <summary>To one stream.</summary>
    public void Tell(string id, string type, string data) => Tell(_streams[id], type, data);

    public void End()
    {
        foreach (EventStream stream in _streams.Values)
        {
            stream.Reader?.End();
        }

        _streams.Clear();
    }

    private static void Tell(EventStream stream, string type, string data)
    {
        if (!stream.Types.Contains(type))
        {
            return;
        }

        if (stream.Reader is { IsGone: false } reader)
        {
            reader.Tell(type, data);
            return;
        }

        stream.Waiting.Enqueue((type, data));
        if (stream.Waiting.Count > MostWaiting)
        {
            stream.Waiting.Dequeue();
        }
    }

    private sealed class EventStream(HashSet<string> types)
    {
        public HashSet<string> Types { get; } = types;

        public Queue<(string Type, string Data)> Waiting { get; } = new();

        public Reader? Reader { get; set; }
    }

    /// <summary>Told in order, never waited for.</summary>
    private sealed class Reader
    {
        private readonly OrderedSender<(string Type, string Data)> _sender;

        public Reader(ISessionEventObserver observer) => _sender = new OrderedSender<(string Type, string Data)>(
            item => item.Type.Length == 0 ? observer.End() : observer.Deliver(item.Type, item.Data),
            _ => IsGone = true,
            MostWaiting * 2);

        public bool IsGone { get; private set; }

        public void Tell(string type, string data) => IsGone |= !_sender.TryPost((type, data));

        public void End()
        {
            Tell(string.Empty, string.Empty);
            _sender.Complete();
        }
    }
}

using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Producers;

/// <summary>A published track: its layers, and the consumers that receive it.</summary>
public sealed class Producer
{
    /// <summary>Simulcast layers at most.</summary>
    public const int MostLayers = 3;

    /// <summary>
    /// Packets that wait at most; the cache of an audio layer holds more than so many of the longest, so none is overwritten
    /// before it is sent.
    /// </summary>
    internal const int MostWaiting = 32;

    private readonly Layer[] _layers;
    private readonly WaitingPacket[] _waiting = new WaitingPacket[MostWaiting];
    private int _waitingCount;
    private Consumer[] _consumers = [];
    private int _consumerCount;
    private object[] _outlets = [];

    /// <param name="trackSid">The published track, <c>TR_…</c>.</param>
    /// <param name="kind">What it carries.</param>
    /// <param name="layers">1 to <see cref="MostLayers"/>, lowest first.</param>
    public Producer(string trackSid, MediaKind kind, int layers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(layers, MostLayers);
        TrackSid = trackSid;
        Kind = kind;
        _layers = new Layer[layers];
        for (int index = 0; index < layers; index++)
        {
            _layers[index] = new Layer(this, index);
        }
    }

    public string TrackSid { get; }

    public MediaKind Kind { get; }

    public ReadOnlySpan<Layer> Layers => _layers;

    public ReadOnlySpan<Consumer> Consumers => _consumers.AsSpan(0, _consumerCount);

    /// <summary>The other shards that want this track, each as its shard knows it.</summary>
    public ReadOnlySpan<object> Outlets => _outlets;

    /// <summary>Muted by its owner or the control plane: nothing is forwarded, and no key frame asked for.</summary>
    public bool IsPaused { get; internal set; }

    /// <summary>A packet has arrived.</summary>
    public bool IsStarted { get; internal set; }

    /// <summary>The endpoint of the lowest layer that a packet came from; null before the first.</summary>
    public object? FirstEndpoint => Array.Find(_layers, static layer => layer.Endpoint is not null)?.Endpoint;

    /// <summary>
    /// The highest layer up to <paramref name="most"/> that packets arrive in; without one, the next above it; without any, the
    /// lowest.
    /// </summary>
    public Layer HighestAlive(MonoTime now, int most)
    {
        int highest = Math.Min(most, _layers.Length - 1);
        for (int index = highest; index >= 0; index--)
        {
            if (_layers[index].IsAlive(now))
            {
                return _layers[index];
            }
        }

        for (int index = highest + 1; index < _layers.Length; index++)
        {
            if (_layers[index].IsAlive(now))
            {
                return _layers[index];
            }
        }

        return _layers[0];
    }

    /// <summary>Another shard wants this track from now on. The thread of this producer's shard.</summary>
    public void Attach(object outlet) => _outlets = [.. _outlets, outlet];

    /// <summary>Another shard does not want it any more; one that was not attached does nothing.</summary>
    public void Detach(object outlet) => _outlets = [.. _outlets.Where(present => !ReferenceEquals(present, outlet))];

    /// <summary>What came since the last time it was forwarded, in order of arrival.</summary>
    internal Span<WaitingPacket> Waiting => _waiting.AsSpan(0, _waitingCount);

    internal void Wait(in WaitingPacket packet) => _waiting[_waitingCount++] = packet;

    internal void ClearWaiting() => _waitingCount = 0;

    internal void Attach(Consumer consumer)
    {
        if (_consumerCount == _consumers.Length)
        {
            Array.Resize(ref _consumers, Math.Max(4, _consumerCount * 2));
        }

        _consumers[_consumerCount++] = consumer;
    }

    internal void Detach(Consumer consumer)
    {
        int index = Array.IndexOf(_consumers, consumer, 0, _consumerCount);
        if (index >= 0)
        {
            _consumers[index] = _consumers[--_consumerCount];
            _consumers[_consumerCount] = null!;
        }
    }
}

using System.Security.Cryptography;
using RtcPlatform.Engine;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.MediaNode.Pipes;
using RtcPlatform.MediaNode.Shard;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Transports;

/// <summary>
/// One client's connection as its shard sees it: the peer, what it publishes into the room's router and what it receives
/// from there. Touched by the shard's thread alone once it was handed over.
/// </summary>
internal sealed class ShardTransport(string id, string room, RtcPeer peer, MonoTime created)
{
    /// <summary>Addresses that checks came from; a client has a few, and a new one displaces the oldest.</summary>
    public const int MostAddresses = 8;

    private readonly Dictionary<string, Producer> _producers = new(StringComparer.Ordinal);
    private readonly List<Consumer> _consumers = [];
    private readonly HashSet<string> _paused = new(StringComparer.Ordinal);

    public string Id { get; } = id;

    public string Room { get; } = room;

    public RtcPeer Peer { get; } = peer;

    /// <summary>When it was opened, or given its first plan: from then on it must connect in time.</summary>
    public MonoTime WaitsSince { get; set; } = created;

    /// <summary>Its place in the shard's table; -1 while it is in none.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>The room's; set when the shard takes the transport over.</summary>
    public Router Router { get; set; } = null!;

    /// <summary>Where other shards hear of what it publishes and wants; set with the router.</summary>
    public ShardPipes Pipes { get; set; } = null!;

    /// <summary>Its number at the handshake thread; 0 before the first plan.</summary>
    public long Association { get; set; }

    /// <summary>Where we are the DTLS client: our first flight went out.</summary>
    public bool IsHandshakeStarted { get; set; }

    /// <summary>Where we are the DTLS client, the first confirmed address starts the handshake.</summary>
    public bool IsDtlsClient { get; set; }

    /// <summary>What the control plane was told last.</summary>
    public PeerState Told { get; set; } = PeerState.New;

    /// <summary>It has been connected once.</summary>
    public bool WasConnected { get; set; }

    public List<TransportAddress> Addresses { get; } = [];

    /// <summary>User fragments that lead here: ours, and after an ICE restart the former.</summary>
    public List<string> Ufrags { get; } = [peer.LocalUfrag];

    public int ProducerCount => _producers.Count;

    public int ConsumerCount => _consumers.Count;

    /// <summary>Takes over what was negotiated: adds and removes tracks, keeps those that go on.</summary>
    public void Apply(MonoTime now, PeerPlan plan)
    {
        Peer.Apply(now, plan);
        ApplyProducers(plan);
        ApplyConsumers();
    }

    /// <summary>Mutes or unmutes a track, also one that is yet to be negotiated.</summary>
    public void SetPaused(MonoTime now, string trackSid, bool isPaused, ref ForwardOutput output)
    {
        if (isPaused)
        {
            _paused.Add(trackSid);
        }
        else
        {
            _paused.Remove(trackSid);
        }

        if (_producers.TryGetValue(trackSid, out Producer? producer))
        {
            Router.SetPaused(now, producer, isPaused, ref output);
            Pipes.Rooms.Paused(Room, producer, isPaused);
        }
    }

    /// <summary>Keys and an address are there: what it receives flows from the next key frames on.</summary>
    public void ResumeConsumers(MonoTime now, ref ForwardOutput output)
    {
        foreach (Consumer consumer in _consumers)
        {
            Router.Resume(now, consumer, PauseReasons.NotConnected, ref output);
        }
    }

    /// <summary>Has the section that was negotiated for one track carry another.</summary>
    public void Retarget(string slot, string trackSid)
    {
        foreach (Consumer consumer in _consumers)
        {
            if (StreamOf(consumer).TrackSid == slot && consumer.TrackSid != trackSid)
            {
                Remove(consumer);
                consumer.TrackSid = trackSid;
                consumer.Unlimit();
                Add(consumer);
            }
        }
    }

    /// <summary>Has a section send no layer above this one.</summary>
    public void LimitLayer(MonoTime now, string slot, int highestLayer, ref ForwardOutput output)
    {
        foreach (Consumer consumer in _consumers)
        {
            if (StreamOf(consumer).TrackSid == slot)
            {
                Router.Limit(now, consumer, highestLayer, ref output);
            }
        }
    }

    /// <summary>How the layers of a track that it publishes are, by their index.</summary>
    public LayerSample[] SampleLayers(MonoTime now, string trackSid)
    {
        if (!_producers.TryGetValue(trackSid, out Producer? producer))
        {
            return [];
        }

        var samples = new LayerSample[producer.Layers.Length];
        for (int index = 0; index < samples.Length; index++)
        {
            Layer layer = producer.Layers[index];
            ulong octets = layer.Endpoint is ReceiveEndpoint endpoint ? endpoint.Stream.Statistics.PayloadBytes : 0;
            samples[index] = new LayerSample(layer.IsAlive(now), octets);
        }

        return samples;
    }

    /// <summary>Leaves the room.</summary>
    public void Leave()
    {
        foreach (Producer producer in _producers.Values)
        {
            Remove(producer);
        }

        foreach (Consumer consumer in _consumers)
        {
            Remove(consumer);
        }

        _producers.Clear();
        _consumers.Clear();
    }

    /// <summary>The layer that a stream's packets belong to; null when its track is not published any more.</summary>
    public ReceiveEndpoint? Bind(ReceiveStream stream)
    {
        if (!_producers.TryGetValue(stream.TrackSid, out Producer? producer) || stream.LayerIndex >= producer.Layers.Length)
        {
            return null;
        }

        Layer layer = producer.Layers[stream.LayerIndex];
        var endpoint = new ReceiveEndpoint(this, stream, layer);
        layer.Endpoint = endpoint;
        stream.Owner = endpoint;
        return endpoint;
    }

    private void ApplyProducers(PeerPlan plan)
    {
        foreach (string gone in _producers.Keys.Except(plan.Receive.Select(static section => section.TrackSid)).ToArray())
        {
            Remove(_producers[gone]);
            _producers.Remove(gone);
        }

        foreach (ReceiveSection section in plan.Receive)
        {
            int layers = Math.Clamp(section.Rids.Length, 1, Producer.MostLayers);
            if (_producers.TryGetValue(section.TrackSid, out Producer? present))
            {
                if (present.Layers.Length == layers && present.Kind == section.Kind)
                {
                    continue;
                }

                _producers.Remove(section.TrackSid);
            }

            var producer = new Producer(section.TrackSid, section.Kind, layers);
            _producers.Add(section.TrackSid, producer);
            Router.Add(producer, _paused.Contains(section.TrackSid));
            Pipes.Rooms.Published(new PublishedTrack(Pipes, Router, producer));
        }

        // Bindings are made anew with the next packets: a section may carry another track now.
        foreach (ReceiveStream stream in Peer.ReceiveStreams)
        {
            stream.Owner = null;
        }
    }

    private void ApplyConsumers()
    {
        for (int index = _consumers.Count - 1; index >= 0; index--)
        {
            if (!Peer.SendStreams.Contains(StreamOf(_consumers[index])))
            {
                Remove(_consumers[index]);
                _consumers.RemoveAt(index);
            }
        }

        foreach (SendStream stream in Peer.SendStreams)
        {
            if (stream.Owner is Consumer present)
            {
                present.ForgetCodec();
                continue;
            }

            // Below 2^15, so that the subscriber cannot guess the roll-over counter wrong (RFC 3711 section 3.3.1).
            ushort first = (ushort)RandomNumberGenerator.GetInt32(0, 32_768);
            var consumer = new Consumer(stream.TrackSid, stream.Kind, stream.Ssrc, first) { Endpoint = stream };
            stream.Owner = consumer;
            if (Peer.State is not (PeerState.Connected or PeerState.Disconnected))
            {
                Router.Pause(consumer, PauseReasons.NotConnected);
            }

            _consumers.Add(consumer);
            Add(consumer);
        }
    }

    private static SendStream StreamOf(Consumer consumer) => (SendStream)consumer.Endpoint!;

    private void Remove(Producer producer)
    {
        Router.Remove(producer);
        Pipes.Rooms.Unpublished(Room, producer);
    }

    private void Add(Consumer consumer)
    {
        Router.Add(consumer);
        Pipes.Rooms.Wanted(Pipes, Room, consumer.TrackSid);
    }

    private void Remove(Consumer consumer)
    {
        Router.Remove(consumer);
        Pipes.Rooms.Unwanted(Pipes, Room, consumer.TrackSid);
    }
}

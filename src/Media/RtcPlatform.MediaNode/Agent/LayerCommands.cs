using System.Collections.Immutable;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Shard;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Agent;

/// <summary>What simulcast layers a viewer can choose from, and which it chose. For one request at a time, like all commands.</summary>
internal sealed class LayerCommands(ImmutableArray<Shard.Shard> shards, TransportRegister register)
{
    private const string UnknownLayer = "unknown_layer";

    private readonly LayerMeter _meter = new();

    public async Task<Response> DescribeAsync(DescribeLayers describe)
    {
        if (register.Find(describe.TransportId) is not { } viewer)
        {
            return NodeCommands.Unknown(describe.TransportId);
        }

        var result = new LayersResult();
        foreach ((int line, string slot) in viewer.Negotiator.SentVideo)
        {
            string track = SourceOf(viewer, slot);
            result.Sections.Add(new SectionLayers { Line = (uint)line, Layers = { await LayersAsync(viewer.Room, track).ConfigureAwait(false) } });
        }

        return new Response { Layers = result };
    }

    public async Task<Response> SelectAsync(SelectLayer select)
    {
        if (register.Find(select.TransportId) is not { } viewer)
        {
            return NodeCommands.Unknown(select.TransportId);
        }

        (int Line, string Slot)[] sections = [.. viewer.Negotiator.SentVideo.Where(s => !select.HasLine || s.Line == select.Line)];
        if (sections.Length == 0)
        {
            return NodeCommands.Refuse(UnknownLayer, "no video is sent in such a media section");
        }

        string slot = sections[0].Slot;
        int highest = Producer.MostLayers - 1;
        if (select.Rid.Length > 0)
        {
            highest = RidsOf(viewer.Room, SourceOf(viewer, slot)).IndexOf(select.Rid);
            if (highest < 0)
            {
                return NodeCommands.Refuse(UnknownLayer, "what is watched has no such simulcast layer");
            }
        }

        Shard.Shard shard = shards[viewer.Shard];
        bool done = await shard.AskAsync(life => life.Find(viewer.Id) is { } transport && Limit(shard, transport, slot, highest))
            .ConfigureAwait(false);
        return done ? new Response() : NodeCommands.Unknown(viewer.Id);
    }

    private static bool Limit(Shard.Shard shard, ShardTransport transport, string slot, int highest)
    {
        MonoTime now = MonoClock.Now;
        var output = new ForwardOutput(shard, now);
        transport.LimitLayer(now, slot, highest, ref output);
        return true;
    }

    private static string SourceOf(TransportRecord viewer, string slot) =>
        viewer.Uses.FirstOrDefault(use => !use.IsPublished && use.Slot == slot).TrackSid ?? slot;

    private ImmutableArray<string> RidsOf(string room, string track) =>
        register.FindPublisher(room, track)?.Negotiator.PublishedRids(track) ?? [];

    private async Task<IEnumerable<SimulcastLayer>> LayersAsync(string room, string track)
    {
        if (register.FindPublisher(room, track) is not { } publisher || publisher.Negotiator.PublishedRids(track) is not { IsEmpty: false } rids)
        {
            return [];
        }

        MonoTime now = MonoClock.Now;
        if (!_meter.IsFresh(track, now))
        {
            LayerSample[] samples = await shards[publisher.Shard]
                .AskAsync(life => life.Find(publisher.Id)?.SampleLayers(MonoClock.Now, track) ?? []).ConfigureAwait(false);
            _meter.Take(track, now, samples);
        }

        return rids.Select((rid, index) => new SimulcastLayer
        {
            Rid = rid, Active = _meter.IsActive(track, index), Bitrate = _meter.BitrateOf(track, index),
        });
    }
}

using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Dispatch;
using RtcPlatform.Engine.Negotiation;

namespace RtcPlatform.Engine.Streams;

/// <summary>
/// The streams of a peer's latest plan. Those that the new plan names again (same section, track and layer) live on with
/// their registers; the others are forgotten with their sources.
/// </summary>
internal sealed class PeerStreams(PeerTransport transport)
{
    // Their roll-over counters and replay windows are kept as long as there is room: Firefox goes on with the source and
    // the numbers of a section that it starts to send in again.
    private readonly List<uint> _retired = [];

    public SourceDirectory Sources { get; } = new();

    public SourceResolver Resolver { get; private set; } = new([]);

    public ReceiveStream[] Receive { get; private set; } = [];

    public SendStream[] Send { get; private set; } = [];

    public void Apply(PeerPlan plan, ref Chance chance)
    {
        ApplyReceive(plan, transport.Receiver);
        ApplySend(plan, ref chance);
    }

    public SendStream? FindSendBySource(uint ssrc)
    {
        foreach (SendStream stream in Send)
        {
            if (stream.Ssrc == ssrc)
            {
                return stream;
            }
        }

        return null;
    }

    /// <summary>Gives up what is remembered of the source that ended longest ago; false when there is none.</summary>
    public bool TryForgetRetired(SrtpReceiver? receiver)
    {
        while (_retired.Count > 0)
        {
            uint ssrc = _retired[0];
            _retired.RemoveAt(0);
            if (Sources.Find(ssrc) < 0 && receiver?.ForgetSource(ssrc) == true)
            {
                return true;
            }
        }

        return false;
    }

    private void ApplyReceive(PeerPlan plan, SrtpReceiver? receiver)
    {
        var sections = new List<(ReceiveSection, ReceiveStream[])>(plan.Receive.Length);
        var all = new List<ReceiveStream>();
        foreach (ReceiveSection section in plan.Receive)
        {
            var layers = new ReceiveStream[Math.Max(1, Math.Max(section.Rids.Length, section.Rids.IsEmpty ? section.Ssrcs.Length : 0))];
            for (int layer = 0; layer < layers.Length; layer++)
            {
                layers[layer] = Keep(section, layer) ?? new ReceiveStream(section, layer);
                layers[layer].Use(section);
            }

            sections.Add((section, layers));
            all.AddRange(layers);
        }

        RetireOthers(all);
        for (int surplus = _retired.Count - SourceDirectory.MostSources; surplus > 0; surplus--)
        {
            TryForgetRetired(receiver);
        }

        Receive = [.. all];
        Resolver = new SourceResolver(sections);
        foreach ((ReceiveSection section, ReceiveStream[] layers) in sections)
        {
            BindNamedSources(section, layers);
        }
    }

    private void BindNamedSources(ReceiveSection section, ReceiveStream[] layers)
    {
        // With RIDs the packets tell which source is which layer; the order of a=ssrc lines does not.
        for (int index = 0; section.Rids.IsEmpty && index < section.Ssrcs.Length; index++)
        {
            SourceBinding binding = section.Ssrcs[index];
            if (binding.Ssrc != 0)
            {
                Sources.Bind(binding.Ssrc, layers[index], SourceRole.Primary);
            }

            if (binding.RtxSsrc != 0)
            {
                Sources.Bind(binding.RtxSsrc, layers[index], SourceRole.Retransmission);
            }
        }
    }

    private ReceiveStream? Keep(ReceiveSection section, int layer)
    {
        string rid = layer < section.Rids.Length ? section.Rids[layer] : string.Empty;
        foreach (ReceiveStream stream in Receive)
        {
            if (stream.Mid == section.Mid && stream.TrackSid == section.TrackSid && stream.LayerIndex == layer && stream.Rid == rid)
            {
                return stream;
            }
        }

        return null;
    }

    private void RetireOthers(List<ReceiveStream> kept)
    {
        Span<uint> removed = stackalloc uint[SourceDirectory.MostSources];
        foreach (ReceiveStream stream in Receive)
        {
            if (kept.Contains(stream))
            {
                continue;
            }

            foreach (uint ssrc in removed[..Sources.Remove(stream, removed)])
            {
                _retired.Remove(ssrc);
                _retired.Add(ssrc);
            }
        }
    }

    private void ApplySend(PeerPlan plan, ref Chance chance)
    {
        var all = new SendStream[plan.Send.Length];
        for (int index = 0; index < all.Length; index++)
        {
            SendSection section = plan.Send[index];
            SendStream? kept = Array.Find(
                Send, stream => stream.Mid == section.Mid && stream.TrackSid == section.TrackSid && stream.Ssrc == section.Ssrc);
            kept?.Use(section);
            all[index] = kept ?? new SendStream(transport, section, (ushort)chance.Next());
        }

        Send = all;
    }
}

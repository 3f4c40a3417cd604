using System.Text;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Dispatch;

/// <summary>
/// Finds the stream of a source that no plan named: by MID and RID (RFC 8843 section 9.2, RFC 8852), else by a payload type
/// that one section alone has. Immutable; a new plan makes a new one.
/// </summary>
internal sealed class SourceResolver
{
    private readonly Section[] _sections;

    // Bundled sections share their ids (RFC 8843 section 15), so the first that is negotiated is that of all.
    private readonly byte _midId;
    private readonly byte _ridId;
    private readonly byte _repairedRidId;

    public SourceResolver(IReadOnlyList<(ReceiveSection Plan, ReceiveStream[] Layers)> sections)
    {
        _sections = new Section[sections.Count];
        for (int index = 0; index < _sections.Length; index++)
        {
            (ReceiveSection plan, ReceiveStream[] layers) = sections[index];
            byte[][] rids = new byte[plan.Rids.Length][];
            for (int layer = 0; layer < rids.Length; layer++)
            {
                rids[layer] = Encoding.UTF8.GetBytes(plan.Rids[layer]);
            }

            _sections[index] = new Section(Encoding.UTF8.GetBytes(plan.Mid), rids, layers);
            _midId = _midId == 0 ? plan.Extensions.Mid : _midId;
            _ridId = _ridId == 0 ? plan.Extensions.Rid : _ridId;
            _repairedRidId = _repairedRidId == 0 ? plan.Extensions.RepairedRid : _repairedRidId;
        }
    }

    /// <summary>Reads only the header, which SRTP leaves in the clear; the caller binds after authentication.</summary>
    public bool TryResolve(in RtpHeader header, ReadOnlySpan<byte> packet, out ReceiveStream stream, out SourceRole role)
    {
        bool isNamed = header.TryGetExtension(packet, _midId, out ReadOnlySpan<byte> mid);
        Section? section = isNamed ? ByMid(mid) : ByPayloadType(header.PayloadType);
        stream = null!;
        role = SourceRole.Primary;
        if (section is null)
        {
            return false;
        }

        bool retransmission = section.Layers[0].Payloads.Retransmission(header.PayloadType) is not null;
        role = retransmission ? SourceRole.Retransmission : SourceRole.Primary;
        byte ridId = retransmission ? _repairedRidId : _ridId;
        if (section.Rids.Length == 0)
        {
            stream = section.Layers[0];
            return section.Layers.Length == 1 && (isNamed || IsFree(stream, role));
        }

        return header.TryGetExtension(packet, ridId, out ReadOnlySpan<byte> rid)
            && section.TryFindLayer(rid, out stream)
            && (isNamed || IsFree(stream, role));
    }

    // A payload type alone is a guess: late packets of a track that was just removed must not take the place of another's.
    private static bool IsFree(ReceiveStream stream, SourceRole role) =>
        (role == SourceRole.Primary ? stream.Ssrc : stream.RtxSsrc) == 0;

    private Section? ByMid(ReadOnlySpan<byte> mid)
    {
        foreach (Section section in _sections)
        {
            if (mid.SequenceEqual(section.Mid))
            {
                return section;
            }
        }

        return null;
    }

    private Section? ByPayloadType(byte payloadType)
    {
        Section? found = null;
        foreach (Section section in _sections)
        {
            if (!section.Layers[0].Payloads.Contains(payloadType))
            {
                continue;
            }

            if (found is not null)
            {
                return null;
            }

            found = section;
        }

        return found;
    }

    private sealed record Section(byte[] Mid, byte[][] Rids, ReceiveStream[] Layers)
    {
        public bool TryFindLayer(ReadOnlySpan<byte> rid, out ReceiveStream layer)
        {
            for (int index = 0; index < Rids.Length; index++)
            {
                if (rid.SequenceEqual(Rids[index]))
                {
                    layer = Layers[index];
                    return true;
                }
            }

            layer = null!;
            return false;
        }
    }
}

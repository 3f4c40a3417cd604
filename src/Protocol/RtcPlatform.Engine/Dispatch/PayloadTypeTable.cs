using System.Collections.Immutable;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Dispatch;

/// <summary>The payload types of one media section: which codec, and whether as a first transmission or again (RFC 4588).</summary>
internal sealed class PayloadTypeTable
{
    private const int PayloadTypes = 128;

    private readonly CodecBinding?[] _primary = new CodecBinding?[PayloadTypes];
    private readonly CodecBinding?[] _retransmission = new CodecBinding?[PayloadTypes];

    public PayloadTypeTable(ImmutableArray<CodecBinding> codecs)
    {
        foreach (CodecBinding codec in codecs)
        {
            _primary[codec.PayloadType & 0x7F] = codec;
            if (codec.RtxPayloadType != 0)
            {
                _retransmission[codec.RtxPayloadType & 0x7F] = codec;
            }
        }
    }

    public CodecBinding? Primary(byte payloadType) => _primary[payloadType & 0x7F];

    /// <summary>The codec whose packets this payload type carries again.</summary>
    public CodecBinding? Retransmission(byte payloadType) => _retransmission[payloadType & 0x7F];

    public bool Contains(byte payloadType) => Primary(payloadType) is not null || Retransmission(payloadType) is not null;
}

using System.Collections.Immutable;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Dispatch;

/// <summary>The payload types of one media section: which codec, and whether as a first transmission or again (RFC 4588).</summary>
internal sealed class PayloadTypeTable
{
    private const int PayloadTypes = 128;

    // By payload type, 1 + the place in the list of codecs; 0 = none.
    private readonly byte[] _primary = new byte[PayloadTypes];
    private readonly byte[] _retransmission = new byte[PayloadTypes];
    private readonly ImmutableArray<CodecBinding> _codecs;

    public PayloadTypeTable(ImmutableArray<CodecBinding> codecs)
    {
        _codecs = codecs;
        for (int index = 0; index < Math.Min(codecs.Length, byte.MaxValue); index++)
        {
            _primary[codecs[index].PayloadType & 0x7F] = (byte)(index + 1);
            if (codecs[index].RtxPayloadType != 0)
            {
                _retransmission[codecs[index].RtxPayloadType & 0x7F] = (byte)(index + 1);
            }
        }
    }

    public CodecBinding? Primary(byte payloadType) => At(_primary[payloadType & 0x7F]);

    /// <summary>The codec whose packets this payload type carries again.</summary>
    public CodecBinding? Retransmission(byte payloadType) => At(_retransmission[payloadType & 0x7F]);

    public bool Contains(byte payloadType) => Primary(payloadType) is not null || Retransmission(payloadType) is not null;

    private CodecBinding? At(byte place) => place == 0 ? null : _codecs[place - 1];
}

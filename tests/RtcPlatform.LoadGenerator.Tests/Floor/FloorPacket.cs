using RtcPlatform.MediaClient.Streams;

namespace RtcPlatform.LoadGenerator.Tests.Floor;

/// <summary>A decrypted packet on its way through a <see cref="FaultyFloor"/>.</summary>
internal sealed record FloorPacket(uint Room, uint Stream, byte[] Octets, int HeaderLength)
{
    /// <summary>By the tool's numbering: 2 for each publisher, the odd one is video.</summary>
    public bool IsVideo => Stream % 2 == 1;

    public PacketStamp Stamp
    {
        get
        {
            ReadOnlySpan<byte> payload = Octets.AsSpan(HeaderLength);
            int start = IsVideo ? Vp8Framing.FindPayload(payload, out _) : 0;
            Assert.True(SyntheticPayload.TryRead(payload[start..], out PacketStamp stamp));
            return stamp;
        }
    }

    /// <summary>The same with its last octet changed before it is encrypted.</summary>
    public FloorPacket Damaged()
    {
        byte[] octets = [.. Octets];
        octets[^1] ^= 1;
        return this with { Octets = octets };
    }

    /// <summary>The same with a payload type that nobody negotiated.</summary>
    public FloorPacket Foreign()
    {
        byte[] octets = [.. Octets];
        octets[1] = (byte)((octets[1] & 0x80) | 77);
        return this with { Octets = octets };
    }
}

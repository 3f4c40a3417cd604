using System.Buffers.Binary;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Crypto.Tests.Srtp;

/// <summary>Makes RTP and RTCP packets and key pairs for tests.</summary>
internal static class Packets
{
    public const uint Ssrc = 0xCAFEBABE;

    public static (byte[] Key, byte[] Salt) Secret(SrtpProfile profile, int seed = 5)
    {
        var random = new Random(seed);
        var key = new byte[profile.KeyLength];
        var salt = new byte[profile.SaltLength];
        random.NextBytes(key);
        random.NextBytes(salt);
        return (key, salt);
    }

    public static SrtpSender Sender(SrtpProfile profile, string kernel, int seed = 5)
    {
        var (key, salt) = Secret(profile, seed);
        return new SrtpSender(profile, SessionKeys.Derive(profile, key, salt), Kernels.Available.Kernel(kernel));
    }

    public static SrtpReceiver Receiver(SrtpProfile profile, string kernel, int seed = 5)
    {
        var (key, salt) = Secret(profile, seed);
        return new SrtpReceiver(profile, SessionKeys.Derive(profile, key, salt), Kernels.Available.Kernel(kernel));
    }

    /// <summary>A header of 12 bytes, or with an extension of 4 more bytes and its words.</summary>
    public static byte[] Header(ulong extendedSequence, uint ssrc = Ssrc, int extensionWords = -1)
    {
        var header = new byte[extensionWords < 0 ? 12 : 16 + extensionWords * 4];
        header[0] = (byte)(extensionWords < 0 ? 0x80 : 0x90);
        header[1] = 96;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)extendedSequence);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), (uint)extendedSequence * 3000);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), ssrc);
        if (extensionWords >= 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(12), 0xBEDE);
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)extensionWords);
        }

        return header;
    }

    public static byte[] Protect(
        SrtpSender sender, ulong extendedSequence, ReadOnlySpan<byte> payload, uint ssrc = Ssrc, int extensionWords = -1)
    {
        var header = Header(extendedSequence, ssrc, extensionWords);
        var packet = new byte[header.Length + payload.Length + sender.Profile.RtpOverhead];
        header.CopyTo(packet, 0);
        Assert.Equal(packet.Length, sender.ProtectRtp(packet, header.Length, payload, extendedSequence));
        return packet;
    }

    /// <summary>A receiver report with as many filler bytes as asked for, a multiple of 4.</summary>
    public static byte[] Rtcp(uint ssrc = Ssrc, int filler = 0)
    {
        var packet = new byte[8 + filler];
        packet[0] = 0x80;
        packet[1] = 201;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)(packet.Length / 4 - 1));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), ssrc);
        for (var i = 8; i < packet.Length; i++)
        {
            packet[i] = (byte)i;
        }

        return packet;
    }
}

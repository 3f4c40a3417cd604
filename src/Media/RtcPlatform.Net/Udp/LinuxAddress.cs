using System.Buffers.Binary;
using RtcPlatform.Wire.Numbers;
using static RtcPlatform.Net.Udp.LinuxNative;

namespace RtcPlatform.Net.Udp;

/// <summary>struct sockaddr to <see cref="TransportAddress"/> and back.</summary>
internal static class LinuxAddress
{
    public const uint IPv4Length = 16;
    public const uint IPv6Length = 28;

    public static TransportAddress Read(in SocketName name)
    {
        ushort port = BinaryPrimitives.ReverseEndianness(name.Port);
        return name.Family == AF_INET
            ? TransportAddress.FromIPv4(BinaryPrimitives.ReverseEndianness(name.IPv4), port)
            : new TransportAddress(
                BinaryPrimitives.ReverseEndianness(name.IPv6High),
                BinaryPrimitives.ReverseEndianness(name.IPv6Low),
                port);
    }

    /// <returns>The length of the name; 0 = a socket of this family cannot reach that address.</returns>
    public static uint Write(in TransportAddress address, ushort family, out SocketName name)
    {
        name = default;
        name.Family = family;
        name.Port = BinaryPrimitives.ReverseEndianness(address.Port);
        if (family == AF_INET)
        {
            name.IPv4 = BinaryPrimitives.ReverseEndianness(address.IPv4);
            return address.IsIPv4 ? IPv4Length : 0;
        }

        name.IPv6High = BinaryPrimitives.ReverseEndianness(address.High);
        name.IPv6Low = BinaryPrimitives.ReverseEndianness(address.Low);
        return IPv6Length;
    }
}

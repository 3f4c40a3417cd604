using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace RtcPlatform.Wire.Numbers;

/// <summary>
/// An IP address and UDP/TCP port as a plain value, without allocation: IPv6 in network order, IPv4 as IPv4-mapped IPv6
/// (::ffff:a.b.c.d), so that one comparison serves both families.
/// </summary>
/// <param name="High">The first eight octets of the IPv6 address, big-endian.</param>
/// <param name="Low">The last eight octets of the IPv6 address, big-endian.</param>
/// <param name="Port">1 to 65535; 0 only in <c>default</c>, which means "none".</param>
public readonly record struct TransportAddress(ulong High, ulong Low, ushort Port)
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    public bool IsNone => Port == 0;

    public bool IsIPv4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>The IPv4 address in host order; meaningful only when <see cref="IsIPv4"/>.</summary>
    public uint IPv4 => (uint)Low;

    public static TransportAddress FromIPv4(uint address, ushort port) => new(0, MappedPrefix | address, port);

    public static TransportAddress From(IPEndPoint endPoint)
    {
        Span<byte> octets = stackalloc byte[16];
        IPAddress address = endPoint.Address.AddressFamily == AddressFamily.InterNetwork ? endPoint.Address.MapToIPv6() : endPoint.Address;
        address.TryWriteBytes(octets, out _);
        return new(
            BinaryPrimitives.ReadUInt64BigEndian(octets),
            BinaryPrimitives.ReadUInt64BigEndian(octets[8..]),
            (ushort)endPoint.Port);
    }

    public IPEndPoint ToIPEndPoint()
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(octets, High);
        BinaryPrimitives.WriteUInt64BigEndian(octets[8..], Low);
        var address = new IPAddress(octets);
        return new IPEndPoint(IsIPv4 ? address.MapToIPv4() : address, Port);
    }

    public override string ToString() => IsNone ? "none" : ToIPEndPoint().ToString();
}

using System.Buffers.Binary;

namespace RtcPlatform.LoadGenerator.Sessions;

/// <summary>Who speaks to a floor program.</summary>
internal enum FloorRole : byte
{
    Publisher = 0,
    Subscriber = 1,

    /// <summary>A subscriber that leaves; floors know publishers for ever.</summary>
    Leaver = 2,
}

/// <summary>
/// The one datagram with which a client tells a floor program (tests/benchmarks/floor) what it sends or wants, keys included;
/// big-endian. The answer is its first 20 octets with the top bit of the role set.
/// </summary>
/// <param name="Room">Never that of an earlier run: nobody answers for those who were killed before they could leave.</param>
/// <param name="Stream">The one published or wanted; unique in the room.</param>
/// <param name="Ssrc">That the publisher sends with, or that the floor shall use towards the subscriber.</param>
internal readonly record struct FloorRegistration(FloorRole Role, uint Room, uint Stream, uint Ssrc)
{
    public const int KeyLength = 16;
    public const int SaltLength = 12;
    public const int Length = AnswerLength + KeyLength + SaltLength;
    public const int AnswerLength = 20;

    private const uint Mark = 0x464C_4F52;
    private const byte Version = 1;
    private const byte AnswerBit = 0x80;

    /// <param name="key">The session's cipher key, not a master key (RFC 3711 section 4.3).</param>
    public void Write(Span<byte> destination, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        WriteHead(destination);
        key[..KeyLength].CopyTo(destination[AnswerLength..]);
        salt[..SaltLength].CopyTo(destination[(AnswerLength + KeyLength)..]);
    }

    /// <summary>What comes before the key.</summary>
    public void WriteHead(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Mark);
        destination[4] = Version;
        destination[5] = (byte)Role;
        destination[6..8].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Room);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], Stream);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], Ssrc);
    }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out FloorRegistration registration)
    {
        registration = default;
        if (datagram.Length != Length
            || BinaryPrimitives.ReadUInt32BigEndian(datagram) != Mark
            || datagram[4] != Version
            || datagram[5] > (byte)FloorRole.Leaver)
        {
            return false;
        }

        registration = new FloorRegistration(
            (FloorRole)datagram[5],
            BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[16..]));
        return true;
    }

    public bool IsAnsweredBy(ReadOnlySpan<byte> datagram) =>
        datagram.Length == AnswerLength
        && BinaryPrimitives.ReadUInt32BigEndian(datagram) == Mark
        && datagram[5] == ((byte)Role | AnswerBit)
        && BinaryPrimitives.ReadUInt32BigEndian(datagram[16..]) == Ssrc;
}

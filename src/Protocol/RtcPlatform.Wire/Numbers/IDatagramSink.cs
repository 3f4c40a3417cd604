namespace RtcPlatform.Wire.Numbers;

/// <summary>
/// Where outgoing datagrams are written: rent a slot, write into it, commit it. A seam to the socket project; callers take
/// it as a generic parameter so that the call is not virtual.
/// </summary>
public interface IDatagramSink
{
    /// <summary>The longest datagram that a slot must hold, in octets: an Ethernet MTU.</summary>
    const int SlotSize = 1500;

    /// <summary>
    /// A writable slot of at least <see cref="SlotSize"/> octets, whose contents are undefined. It stays the same until it
    /// is committed: renting again without committing abandons what was written.
    /// </summary>
    Span<byte> Rent();

    /// <summary>Hands over the first <paramref name="length"/> octets of the rented slot for delivery; 1 to <see cref="SlotSize"/>.</summary>
    void Commit(in TransportAddress to, int length);
}

namespace RtcPlatform.Net.Pools;

/// <summary>Takes what a <see cref="UdpPool"/> reads; a generic parameter, so that the call is not virtual.</summary>
public interface IDatagramTaker
{
    /// <param name="slot">Whose socket.</param>
    /// <param name="datagram">Writable, valid during the call, with 128 octets of slack behind it.</param>
    /// <param name="arrival">
    /// When the kernel got it (<see cref="Clocks.WallClock"/>): however late the reader comes, it is not in here.
    /// </param>
    void Take(int slot, Span<byte> datagram, long arrival);
}

using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>
/// From the source address of a datagram to its transport: open addressing with linear probing, at most half full. Only
/// addresses that an authentic check came from are in it, so strangers cannot fill it.
/// </summary>
internal sealed class AddressTable(int hashSeed)
{
    private const int Smallest = 64;

    private Slot[] _slots = new Slot[Smallest];

    public int Count { get; private set; }

    public ShardTransport? Find(in TransportAddress address)
    {
        int mask = _slots.Length - 1;
        for (int index = Start(address, mask); ; index = (index + 1) & mask)
        {
            ref readonly Slot slot = ref _slots[index];
            if (slot.Transport is null || slot.Address == address)
            {
                return slot.Transport;
            }
        }
    }

    /// <summary>Adds an address, or gives it to another transport: a NAT reuses its ports.</summary>
    public void Set(in TransportAddress address, ShardTransport transport)
    {
        if ((Count + 1) * 2 > _slots.Length)
        {
            Grow();
        }

        int mask = _slots.Length - 1;
        int index = Start(address, mask);
        while (_slots[index].Transport is not null && _slots[index].Address != address)
        {
            index = (index + 1) & mask;
        }

        Count += _slots[index].Transport is null ? 1 : 0;
        _slots[index] = new Slot { Address = address, Transport = transport };
    }

    /// <summary>Removes an address if it is this transport's.</summary>
    public void Remove(in TransportAddress address, ShardTransport transport)
    {
        int mask = _slots.Length - 1;
        int index = Start(address, mask);
        while (_slots[index].Transport is not null && _slots[index].Address != address)
        {
            index = (index + 1) & mask;
        }

        if (!ReferenceEquals(_slots[index].Transport, transport))
        {
            return;
        }

        Count--;
        CloseGap(index, mask);
    }

    // Backward shift (Knuth, volume 3, 6.4, algorithm R): no tombstones, so look-ups stay short.
    private void CloseGap(int gap, int mask)
    {
        for (int next = (gap + 1) & mask; _slots[next].Transport is not null; next = (next + 1) & mask)
        {
            int home = Start(_slots[next].Address, mask);
            if (((next - home) & mask) >= ((next - gap) & mask))
            {
                _slots[gap] = _slots[next];
                gap = next;
            }
        }

        _slots[gap] = default;
    }

    private void Grow()
    {
        Slot[] former = _slots;
        _slots = new Slot[former.Length * 2];
        Count = 0;
        foreach (Slot slot in former)
        {
            if (slot.Transport is not null)
            {
                Set(slot.Address, slot.Transport);
            }
        }
    }

    private int Start(in TransportAddress address, int mask)
    {
        ulong mixed = (address.High * 0x9E37_79B9_7F4A_7C15) ^ (address.Low + (ulong)(uint)hashSeed) ^ ((ulong)address.Port << 40);
        mixed = (mixed ^ (mixed >> 32)) * 0xD6E8_FEB8_6659_FD93;
        return (int)(mixed >> 33) & mask;
    }

    private struct Slot
    {
        public TransportAddress Address;
        public ShardTransport? Transport;
    }
}

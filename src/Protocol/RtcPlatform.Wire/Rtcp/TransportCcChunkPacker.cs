using System.Buffers.Binary;

namespace RtcPlatform.Wire.Rtcp;

/// <summary>
/// Packs status symbols into chunks greedily: holds symbols back until it is clear which form takes the most of them, as
/// libwebrtc's <c>TransportFeedback::LastChunk</c> does.
/// </summary>
internal ref struct TransportCcChunkPacker
{
    private readonly Span<byte> _destination;
    private int _written;

    /// <summary>The first 14 pending symbols, two bits each, the oldest lowest.</summary>
    private uint _symbols;
    private int _pending;
    private bool _allSame;
    private bool _anyLarge;

    internal TransportCcChunkPacker(Span<byte> destination)
    {
        _destination = destination;
        _allSame = true;
    }

    /// <summary>Octets of the chunks already written; pending symbols are not counted.</summary>
    internal readonly int Length => _written;

    internal void Add(int symbol, int times)
    {
        for (; times > 0; times--)
        {
            if (!Accepts(symbol))
            {
                Emit(last: false);
            }

            Append(symbol);
        }
    }

    /// <summary>Writes what is pending and returns the octets of all chunks.</summary>
    internal int Finish()
    {
        if (_pending > 0)
        {
            Emit(last: true);
        }

        return _written;
    }

    private readonly int this[int index] => (int)(_symbols >> (2 * index)) & 3;

    private readonly bool Accepts(int symbol)
    {
        if (_pending < TransportCcFormat.TwoBitSymbols)
        {
            return true;
        }

        bool fitsOneBit = _pending < TransportCcFormat.OneBitSymbols && !_anyLarge && symbol != TransportCcFormat.LargeDelta;
        bool fitsRun = _pending < TransportCcFormat.MaxRunLength && _allSame && symbol == this[0];
        return fitsOneBit || fitsRun;
    }

    private void Append(int symbol)
    {
        if (_pending < TransportCcFormat.OneBitSymbols)
        {
            _symbols |= (uint)symbol << (2 * _pending);
        }

        _pending++;
        _allSame &= symbol == this[0];
        _anyLarge |= symbol == TransportCcFormat.LargeDelta;
    }

    /// <param name="last">Nothing follows: the vector need not be full, the status count tells where it ends.</param>
    private void Emit(bool last)
    {
        if (_allSame)
        {
            Write((this[0] << 13) | _pending, _pending);
        }
        else if (!_anyLarge && _pending > (last ? TransportCcFormat.TwoBitSymbols : TransportCcFormat.OneBitSymbols - 1))
        {
            int chunk = 0x8000;
            for (int index = 0; index < _pending; index++)
            {
                chunk |= this[index] << (13 - index);
            }

            Write(chunk, _pending);
        }
        else
        {
            int chunk = 0xC000;
            int symbols = Math.Min(_pending, TransportCcFormat.TwoBitSymbols);
            for (int index = 0; index < symbols; index++)
            {
                chunk |= this[index] << (12 - (2 * index));
            }

            Write(chunk, symbols);
        }
    }

    private void Write(int chunk, int symbols)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[_written..], (ushort)chunk);
        _written += TransportCcFormat.ChunkLength;
        _pending -= symbols;
        _symbols = _pending == 0 ? 0 : _symbols >> (2 * symbols);
        _allSame = true;
        _anyLarge = false;
        for (int index = 0; index < _pending; index++)
        {
            _allSame &= this[index] == this[0];
            _anyLarge |= this[index] == TransportCcFormat.LargeDelta;
        }
    }
}

using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Muxing;

namespace RtcPlatform.Engine.Dispatch;

/// <summary>
/// Source to stream, as one flat row of numbers: with at most 64 sources a vectorized scan beats any hash. The bound is
/// also that of the SRTP receiver's replay table, and keeps a client from filling memory with invented sources.
/// </summary>
internal sealed class SourceDirectory
{
    /// <summary>Sources per peer: named by plans and learned together.</summary>
    public const int MostSources = 64;

    private uint[] _ssrcs = [];
    private ReceiveStream[] _streams = [];
    private SourceRole[] _roles = [];
    private int _count;

    public int Count => _count;

    /// <returns>The row, or -1.</returns>
    public int Find(uint ssrc) => _ssrcs.AsSpan(0, _count).IndexOf(ssrc);

    public ReceiveStream Stream(int row) => _streams[row];

    public SourceRole Role(int row) => _roles[row];

    /// <summary>
    /// Binds a source. A stream that had another source in this role moves to the new one, and the old is remembered as
    /// superseded, so that the two cannot take turns.
    /// </summary>
    public DropReason Bind(uint ssrc, ReceiveStream stream, SourceRole role)
    {
        int row = Find(ssrc);
        if (row < 0 && _count == MostSources)
        {
            return DropReason.TooManySources;
        }

        uint former = role == SourceRole.Primary ? stream.Ssrc : stream.RtxSsrc;
        if (former == ssrc && row >= 0 && _streams[row] == stream && _roles[row] == role)
        {
            return DropReason.None;
        }

        if (former != 0 && former != ssrc && Find(former) is >= 0 and int formerRow)
        {
            _roles[formerRow] = SourceRole.Superseded;
        }

        row = row < 0 ? AddRow() : row;
        _ssrcs[row] = ssrc;
        _streams[row] = stream;
        _roles[row] = role;
        stream.Bind(ssrc, role);
        return DropReason.None;
    }

    // A client that only receives has no sources; one that sends has a few.
    private int AddRow()
    {
        if (_count == _ssrcs.Length)
        {
            int rows = Math.Max(4, _count * 2);
            Array.Resize(ref _ssrcs, rows);
            Array.Resize(ref _streams, rows);
            Array.Resize(ref _roles, rows);
        }

        return _count++;
    }

    /// <summary>Forgets the sources of a stream that has left the plan.</summary>
    /// <param name="removed">Receives them; at most <see cref="MostSources"/>.</param>
    public int Remove(ReceiveStream stream, Span<uint> removed)
    {
        int count = 0;
        for (int row = _count - 1; row >= 0; row--)
        {
            if (_streams[row] != stream)
            {
                continue;
            }

            removed[count++] = _ssrcs[row];
            _count--;
            _ssrcs[row] = _ssrcs[_count];
            _streams[row] = _streams[_count];
            _roles[row] = _roles[_count];
            _streams[_count] = null!;
        }

        return count;
    }
}

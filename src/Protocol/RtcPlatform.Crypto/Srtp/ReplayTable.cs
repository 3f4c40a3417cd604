using System.Numerics;
using System.Runtime.CompilerServices;

namespace RtcPlatform.Crypto.Srtp;

/// <summary>
/// Highest index and replay window of each source (RFC 3711 section 3.3.2), in flat arrays that grow only when a new
/// source authenticates. A look-up is one vectorized scan of at most <see cref="MaxSources"/> numbers.
/// </summary>
internal sealed class ReplayTable
{
    public const int MaxSources = 64;

    private readonly int _windowBits;
    private readonly int _windowWords;
    private uint[] _ssrcs = [];
    private ulong[] _highest = [];
    private ulong[] _bits = [];
    private int _count;

    /// <param name="windowBits">Indices behind the highest one that are still accepted once; a power of two, 64 or more.</param>
    public ReplayTable(int windowBits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(windowBits, 64);
        if (!BitOperations.IsPow2(windowBits))
        {
            throw new ArgumentOutOfRangeException(nameof(windowBits));
        }

        _windowBits = windowBits;
        _windowWords = windowBits / 64;
    }

    public int Count => _count;

    /// <summary>The row of a source, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(uint ssrc) => _ssrcs.AsSpan(0, _count).IndexOf(ssrc);

    public ulong Highest(int row) => _highest[row];

    /// <summary>Whether an index may be accepted; changes nothing.</summary>
    public SrtpResult Check(int row, ulong index)
    {
        var highest = _highest[row];
        if (index > highest)
        {
            return SrtpResult.Ok;
        }

        if (highest - index >= (ulong)_windowBits)
        {
            return SrtpResult.TooOld;
        }

        return (_bits[WordOf(row, index)] >> (int)(index & 63) & 1) != 0 ? SrtpResult.Replayed : SrtpResult.Ok;
    }

    /// <summary>Remembers an authenticated index of a known source; <see cref="Check"/> must have allowed it.</summary>
    public void Accept(int row, ulong index)
    {
        var highest = _highest[row];
        if (index > highest)
        {
            ClearBetween(row, highest, index);
            _highest[row] = index;
        }

        _bits[WordOf(row, index)] |= 1UL << (int)(index & 63);
    }

    /// <summary>Remembers a source by its first authenticated index. The caller has checked <see cref="Count"/>.</summary>
    public void Add(uint ssrc, ulong index)
    {
        if (_count == _ssrcs.Length)
        {
            int rows = Math.Max(2, _count * 2);
            Array.Resize(ref _ssrcs, rows);
            Array.Resize(ref _highest, rows);
            Array.Resize(ref _bits, rows * _windowWords);
        }

        var row = _count++;
        _ssrcs[row] = ssrc;
        _highest[row] = index;
        _bits.AsSpan(row * _windowWords, _windowWords).Clear();
        _bits[WordOf(row, index)] = 1UL << (int)(index & 63);
    }

    /// <summary>Forgets a source, so that its row can serve another. False when it is not known.</summary>
    public bool Remove(uint ssrc)
    {
        var row = Find(ssrc);
        if (row < 0)
        {
            return false;
        }

        var last = --_count;
        _ssrcs[row] = _ssrcs[last];
        _highest[row] = _highest[last];
        _bits.AsSpan(last * _windowWords, _windowWords).CopyTo(_bits.AsSpan(row * _windowWords));
        return true;
    }

    private int WordOf(int row, ulong index) => row * _windowWords + (int)((index >> 6) & (ulong)(_windowWords - 1));

    /// <summary>The window is a ring: the indices skipped by an advance take over the bits of ones that left it.</summary>
    private void ClearBetween(int row, ulong highest, ulong index)
    {
        var window = _bits.AsSpan(row * _windowWords, _windowWords);
        if (index - highest >= (ulong)_windowBits)
        {
            window.Clear();
            return;
        }

        for (var skipped = highest + 1; skipped <= index; skipped++)
        {
            window[(int)((skipped >> 6) & (ulong)(_windowWords - 1))] &= ~(1UL << (int)(skipped & 63));
        }
    }
}

using System.Buffers;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Dtls;

/// <summary>Work for the handshake thread, in order, from any thread. Bounded: a flood of datagrams is refused, not kept.</summary>
internal sealed class DtlsQueue
{
    /// <summary>Datagrams waiting at most; at 0.3 ms per handshake, more would be answered too late anyway.</summary>
    public const int MostDatagrams = 1024;

    private readonly Queue<DtlsInput> _inputs = new();
    private readonly object _gate = new();
    private int _datagrams;
    private bool _isClosed;

    /// <summary>Copies the datagram into a pooled buffer. False = the queue is full.</summary>
    public bool TryAddDatagram(long association, in TransportAddress from, ReadOnlySpan<byte> datagram)
    {
        lock (_gate)
        {
            if (_datagrams == MostDatagrams || _isClosed)
            {
                return false;
            }

            byte[] buffer = ArrayPool<byte>.Shared.Rent(datagram.Length);
            datagram.CopyTo(buffer);
            _datagrams++;
            _inputs.Enqueue(new DtlsInput(association, DtlsInputKind.Datagram, from) { Buffer = buffer, Length = datagram.Length });
            Monitor.Pulse(_gate);
            return true;
        }
    }

    public void Add(in DtlsInput input)
    {
        lock (_gate)
        {
            _inputs.Enqueue(input);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>No more work will come; what is queued is still handed out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits at most <paramref name="patience"/> for work.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryTake(TimeSpan patience, out DtlsInput input, out bool isClosed)
    {
        lock (_gate)
        {
            if (_inputs.Count == 0 && !_isClosed && patience > TimeSpan.Zero)
            {
                Monitor.Wait(_gate, patience);
            }

            isClosed = _isClosed && _inputs.Count == 0;
            if (!_inputs.TryDequeue(out input))
            {
                return false;
            }

            _datagrams -= input.Kind == DtlsInputKind.Datagram ? 1 : 0;
            return true;
        }
    }
}

internal enum DtlsInputKind : byte
{
    Open,
    Datagram,
    Close,
}

/// <summary>One piece of work; <see cref="Buffer"/> goes back to the shared pool.</summary>
internal readonly record struct DtlsInput(long Association, DtlsInputKind Kind, TransportAddress Address)
{
    public byte[]? Buffer { get; init; }

    public int Length { get; init; }

    public DtlsRequest? Request { get; init; }
}

/// <summary>A handshake to be made.</summary>
/// <param name="Send">Sends a datagram at once; any thread.</param>
/// <param name="Done">Called on the handshake thread when the state changed.</param>
internal sealed record DtlsRequest(
    DtlsRole Role, DtlsFingerprint Remote, Action<TransportAddress, ReadOnlyMemory<byte>> Send, Action<DtlsConnection> Done);

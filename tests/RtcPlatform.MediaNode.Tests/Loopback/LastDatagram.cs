using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Tests.Loopback;

/// <summary>Keeps what was written last instead of sending it.</summary>
internal struct LastDatagram() : IDatagramSink
{
    private readonly byte[] _slot = new byte[2048];

    public byte[] Octets { get; private set; } = [];

    public readonly Span<byte> Rent() => _slot;

    public void Commit(in TransportAddress to, int length) => Octets = _slot.AsSpan(0, length).ToArray();
}

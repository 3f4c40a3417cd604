using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine.Tests.TwoPeers;

/// <summary>Keeps what was committed, so that a test can look at it or carry it to the other side.</summary>
internal sealed class CollectingSink : IDatagramSink
{
    private readonly byte[] _slot = new byte[2048];

    public List<(TransportAddress To, byte[] Datagram)> Sent { get; } = [];

    public Span<byte> Rent() => _slot;

    public void Commit(in TransportAddress to, int length) => Sent.Add((to, _slot[..length]));

    public byte[] TakeOnly()
    {
        byte[] datagram = Assert.Single(Sent).Datagram;
        Sent.Clear();
        return datagram;
    }
}

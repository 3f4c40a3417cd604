using RtcPlatform.Net.Udp;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>The shard's send batch as a struct, so that generic callers are compiled for it and call it directly.</summary>
internal readonly struct BatchSink(SendBatch batch) : IDatagramSink
{
    public Span<byte> Rent() => batch.Rent();

    public void Commit(in TransportAddress to, int length) => batch.Commit(to, length);
}

using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Net.Udp;

/// <summary>
/// A <see cref="SendBatch"/> as a value type: generic code over it is compiled for it alone, so its calls are direct.
/// </summary>
public readonly struct SendBatchSink(SendBatch batch) : IDatagramSink
{
    public Span<byte> Rent() => batch.Rent();

    public void Commit(in TransportAddress to, int length) => batch.Commit(to, length);
}

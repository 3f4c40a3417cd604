using BenchmarkDotNet.Attributes;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Benchmarks.Rooms;

/// <summary>A publisher's packet into the server's peer: replay window, decryption, registers for NACK, jitter and transport-cc.</summary>
[MemoryDiagnoser]
public class ReceiveBenchmarks
{
    private SlotSink _sink;
    private RtcPeer _client = null!;
    private RtcPeer _server = null!;
    private byte[] _payload = null!;
    private MonoTime _now;
    private ulong _sequence;

    [Params(100, 1100)]
    public int Payload { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _sink = SlotSink.Create();
        _client = Ends.Client(SrtpProfile.AeadAes128Gcm, ref _sink);
        _server = Ends.Publisher(SrtpProfile.AeadAes128Gcm, ref _sink);
        _payload = Srtp.Keys.Bytes(1, Payload);
        _now = MonoTime.FromMilliseconds(1);
        _sequence = 0;
    }

    /// <summary>The far end alone: a packet can be received once, so each is made anew.</summary>
    [Benchmark(Baseline = true)]
    public int Send()
    {
        _now += TimeSpan.FromMilliseconds(1);
        SendStream stream = _client.SendStreams[0];
        var packet = new OutgoingRtp { Ssrc = Ends.Ssrc, ExtendedSequence = ++_sequence, Timestamp = (uint)_sequence * 90, PayloadType = 96, Payload = _payload };
        stream.Send(_now, packet, ref _sink);
        return _sink.Last.Length;
    }

    /// <summary>Subtract Send. What falls due on the way (reports, transport feedback) is sent, too.</summary>
    [Benchmark]
    public int SendAndReceive()
    {
        int length = Send();
        if (!_server.TryReceiveRtp(_now, _sink.Last, out _))
        {
            throw new InvalidOperationException("The benchmark's packet was refused.");
        }

        if (_server.NextDeadline <= _now)
        {
            _server.HandleTimeout(_now, ref _sink);
        }

        return length;
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using RtcPlatform.MediaClient.Description;
using RtcPlatform.MediaClient.Streams;
using RtcPlatform.Signaling.Contract;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaClient;

/// <summary>What our offers say, from the first to the latest. Guarded by the client's one negotiation at a time.</summary>
internal sealed class ClientSession
{
    // RFC 8839 section 5.4: letters, digits, + and /.
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private readonly OfferWriter _writer;
    private readonly List<OfferSection> _sections = [];
    private readonly List<(OfferSection Section, SyntheticMedia Media)> _newSending = [];
    private int _lastOffer;

    public ClientSession(string fingerprint)
    {
        string cname = RandomNumberGenerator.GetHexString(16, lowercase: true);
        Ufrag = RandomNumberGenerator.GetString(IceChars, 8);
        Streams = new StreamSet(cname);
        _writer = new OfferWriter(Seed() >> 1, Ufrag, RandomNumberGenerator.GetString(IceChars, 24), fingerprint, cname);
    }

    public string Ufrag { get; }

    public StreamSet Streams { get; }

    public static ulong Seed() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    public void AddSending(MediaKind kind, string trackSid, SyntheticMedia media)
    {
        var section = new OfferSection(NextMid(), kind, trackSid, NextSsrc(), kind == MediaKind.Video ? NextSsrc() : 0);
        _sections.Add(section);
        _newSending.Add((section, media));
    }

    public void AddReceiving(int audio, int video)
    {
        for (int i = 0; i < audio + video; i++)
        {
            _sections.Add(new OfferSection(NextMid(), i < audio ? MediaKind.Audio : MediaKind.Video, TrackSid: null, 0, 0));
        }
    }

    public SessionOffer NextOffer() => new(
        ++_lastOffer,
        _writer.Write(_sections),
        _sections.Where(static s => s.Sends).ToDictionary(static s => s.Mid, static s => s.TrackSid!));

    /// <summary>The sending sections that were not taken yet.</summary>
    public (OfferSection Section, SyntheticMedia Media)[] TakeNewSending()
    {
        (OfferSection, SyntheticMedia)[] taken = [.. _newSending];
        _newSending.Clear();
        return taken;
    }

    private string NextMid() => _sections.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static uint NextSsrc() => (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);
}

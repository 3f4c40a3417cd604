using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Crypto.Tests.Dtls;

public sealed class RefusalTests
{
    private static readonly DtlsFingerprint Foreign = DtlsFingerprint.OfCertificate([1, 2, 3]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_certificate_that_signaling_did_not_announce_gets_no_keys(bool clientIsDeceived)
    {
        using var pair = new DtlsPair(
            clientExpects: clientIsDeceived ? Foreign : null, serverExpects: clientIsDeceived ? null : Foreign);
        pair.Client.Start(pair.Now);
        pair.Exchange();
        var deceived = clientIsDeceived ? pair.Client : pair.Server;
        var other = clientIsDeceived ? pair.Server : pair.Client;
        Assert.Equal(DtlsState.Failed, deceived.State);
        Assert.Equal(DtlsFailure.FingerprintMismatch, deceived.Failure);
        Assert.Null(deceived.Keys);
        Assert.Equal(MonoTime.Never, deceived.NextTimeout);
        Assert.Equal(DtlsState.Closed, other.State);
    }

    [Fact]
    public void Without_a_common_profile_nobody_connects()
    {
        using var pair = new DtlsPair([SrtpProfile.AeadAes256Gcm], [SrtpProfile.Aes128CmHmacSha1_80]);
        pair.Client.Start(pair.Now);
        pair.Exchange();
        Assert.Equal(DtlsFailure.NoSrtpProfile, pair.Client.Failure);
        Assert.NotEqual(DtlsState.Connected, pair.Server.State);
        Assert.Null(pair.Client.Keys);
        Assert.Null(pair.Server.Keys);
    }

    [Fact]
    public void Silence_ends_after_thirty_seconds_of_the_callers_time()
    {
        using var pair = new DtlsPair();
        var start = MonoTime.FromMilliseconds(1_000_000);
        pair.Client.Start(start);
        Assert.InRange(pair.Client.NextTimeout.Milliseconds, start.Milliseconds, start.Milliseconds + 100);
        var end = start + DtlsConnection.HandshakeTimeout;
        pair.Client.HandleTimeout(end - TimeSpan.FromMilliseconds(1));
        Assert.Equal(DtlsState.Handshaking, pair.Client.State);
        pair.Client.HandleTimeout(end);
        Assert.Equal(DtlsState.Failed, pair.Client.State);
        Assert.Equal(DtlsFailure.Timeout, pair.Client.Failure);
        Assert.Equal(MonoTime.Never, pair.Client.NextTimeout);

        pair.Server.Start(start);
        Assert.Equal(end, pair.Server.NextTimeout);
        pair.Server.HandleTimeout(end);
        Assert.Equal(DtlsFailure.Timeout, pair.Server.Failure);
    }

    [Fact]
    public void Close_tells_the_peer_and_is_final()
    {
        using var pair = new DtlsPair();
        pair.Client.Start(pair.Now);
        pair.Exchange();
        pair.Client.Close();
        Assert.Equal(DtlsState.Closed, pair.Client.State);
        pair.Exchange();
        Assert.Equal(DtlsState.Closed, pair.Server.State);
        Assert.NotNull(pair.Server.Keys);
        pair.Client.HandleDatagram(pair.Now, [22, 254, 253, 0]);
        pair.Client.Start(pair.Now);
        pair.Client.Close();
        Assert.Equal(DtlsState.Closed, pair.Client.State);
    }

    [Fact]
    public void A_small_destination_loses_nothing()
    {
        using var pair = new DtlsPair();
        pair.Client.Start(pair.Now);
        Assert.Throws<ArgumentException>(() => pair.Client.TryTransmit(new byte[10], out _));
        pair.Exchange();
        Assert.Equal(DtlsState.Connected, pair.Server.State);
    }

    [Theory]
    [InlineData("sha-256 " + Sha256, true)]
    [InlineData("SHA-256 " + Sha256, true)]
    [InlineData("sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33", false)]
    [InlineData("sha-384 " + Sha256, false)]
    [InlineData("sha-256", false)]
    [InlineData("sha-256 ", false)]
    [InlineData("", false)]
    [InlineData("sha-256 " + Sha256 + ":00", false)]
    [InlineData("sha-256 0G" + ":11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF", false)]
    [InlineData("sha-256 00-11-22-33-44-55-66-77-88-99-aa-bb-cc-dd-ee-ff-00-11-22-33-44-55-66-77-88-99-AA-BB-CC-DD-EE-FF", false)]
    public void Fingerprints_are_read_as_sdp_writes_them(string value, bool valid)
    {
        Assert.Equal(valid, DtlsFingerprint.TryParse(value, out var fingerprint));
        if (valid)
        {
            Assert.Equal("sha-256 " + Sha256.ToUpperInvariant(), fingerprint!.ToString());
            Assert.True(DtlsFingerprint.TryParse(fingerprint.ToString(), out var again));
            Assert.Equal(fingerprint, again);
            Assert.NotEqual(fingerprint, Foreign);
        }
    }

    [Theory]
    [InlineData("sha-256")]
    [InlineData("sha-384")]
    [InlineData("sha-512")]
    public void Each_accepted_hash_is_compared_with_the_certificate(string algorithm)
    {
        using var identity = DtlsPair.Identity();
        var der = identity.Certificate.Span;
        var hash = algorithm switch
        {
            "sha-256" => System.Security.Cryptography.SHA256.HashData(der),
            "sha-384" => System.Security.Cryptography.SHA384.HashData(der),
            _ => System.Security.Cryptography.SHA512.HashData(der),
        };
        var text = string.Join(':', hash.Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.True(DtlsFingerprint.TryParse($"{algorithm} {text}", out var fingerprint));
        Assert.True(fingerprint!.Matches(der));
        Assert.False(fingerprint.Matches(der[1..]));
    }

    private const string Sha256 =
        "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";
}

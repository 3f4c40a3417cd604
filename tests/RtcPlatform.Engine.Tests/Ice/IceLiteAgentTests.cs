using System.Text;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Ice;
using RtcPlatform.Engine.Tests.TwoPeers;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Stun;
using static RtcPlatform.Engine.Tests.Ice.Checks;

namespace RtcPlatform.Engine.Tests.Ice;

public sealed class IceLiteAgentTests
{
    private readonly RtcPeerOptions _options = Plans.Options("node");
    private readonly RtcPeer _peer;
    private CollectingSink _sink = new();

    public IceLiteAgentTests()
    {
        _peer = new RtcPeer(_options, MonoTime.Zero);
        using SrtpKeyMaterial keys = Plans.Keys();
        _peer.SetKeys(MonoTime.Zero, keys, DtlsRole.Server);
    }

    [Fact]
    public void A_check_is_answered_with_the_address_it_came_from()
    {
        Assert.True(Handle(Seconds(1), Home, Build(_options.LocalUfrag, _options.LocalPassword)));

        byte[] answer = _sink.TakeOnly();
        Assert.True(StunMessageView.TryParse(answer, out StunMessageView message));
        Assert.Equal(StunClass.Success, message.Class);
        Assert.True(message.TryGetXorMappedAddress(out TransportAddress mapped));
        Assert.Equal(Home, mapped);
        Assert.True(message.VerifyIntegrity(Encoding.UTF8.GetBytes(_options.LocalPassword)));
        Assert.True(message.VerifyFingerprint());
        Assert.Equal(Home, _peer.SelectedAddress);
        Assert.Equal(PeerState.Connected, _peer.State);
    }

    [Fact]
    public void A_check_without_nomination_selects_nothing()
    {
        Assert.True(Handle(Seconds(1), Home, Build(_options.LocalUfrag, _options.LocalPassword, Parts.Usual & ~Parts.Nominate)));

        Assert.True(_peer.SelectedAddress.IsNone);
        Assert.Equal(PeerState.New, _peer.State);
    }

    [Fact]
    public void A_moved_client_is_followed_on_nomination_only()
    {
        Nominate(Seconds(1), Home);
        Handle(Seconds(2), Moved, Build(_options.LocalUfrag, _options.LocalPassword, Parts.Usual & ~Parts.Nominate));
        Assert.Equal(Home, _peer.SelectedAddress);
        Nominate(Seconds(3), Moved);
        Assert.Equal(Moved, _peer.SelectedAddress);
    }

    [Theory]
    [InlineData(Parts.Usual & ~Parts.Integrity, DropReason.StunMissingAttribute, 400)]
    [InlineData(Parts.Usual & ~Parts.Username, DropReason.StunMissingAttribute, 400)]
    [InlineData(Parts.Usual | Parts.UnknownRequired, DropReason.StunUnknownAttribute, 420)]
    [InlineData(Parts.Usual | Parts.Controlled, DropReason.StunRoleConflict, 487)]
    [InlineData(Parts.Usual & ~Parts.Fingerprint, DropReason.StunBadFingerprint, 0)]
    internal void A_refused_check_is_counted_and_answered(Parts parts, DropReason reason, int code)
    {
        Assert.False(Handle(Seconds(1), Home, Build(_options.LocalUfrag, _options.LocalPassword, parts)));

        AssertRefused(reason, code);
    }

    [Fact]
    public void A_wrong_password_is_401() => AssertWrongCredentials(_options.LocalUfrag, "another-password-of-22-ch", DropReason.StunBadIntegrity);

    [Theory]
    [InlineData("other")]
    [InlineData("nodefragX")]
    [InlineData("node")]
    public void Another_fragment_is_401(string ufrag) =>
        AssertWrongCredentials(ufrag, _options.LocalPassword, DropReason.StunUnknownUser);

    [Theory]
    [InlineData(StunClass.Indication)]
    [InlineData(StunClass.Success)]
    [InlineData(StunClass.Error)]
    public void What_is_no_request_is_counted_and_not_answered(StunClass kind)
    {
        Handle(Seconds(1), Home, Build(_options.LocalUfrag, _options.LocalPassword, Parts.Usual, kind));

        AssertRefused(DropReason.StunUnexpected, 0);
    }

    [Fact]
    public void Silence_disconnects_then_fails_and_checks_heal_only_the_first()
    {
        Nominate(Seconds(1), Home);
        Timeout(Seconds(9));
        Assert.Equal(PeerState.Disconnected, _peer.State);
        Nominate(Seconds(10), Home);
        Assert.Equal(PeerState.Connected, _peer.State);
        Timeout(Seconds(41));
        Assert.Equal(PeerState.Failed, _peer.State);
        Assert.False(Handle(Seconds(42), Home, Build(_options.LocalUfrag, _options.LocalPassword)));
        Assert.Equal(PeerState.Failed, _peer.State);
        Assert.Equal(1UL, _peer.Drops[DropReason.StunUnknownUser]);
    }

    [Fact]
    public void A_restart_brings_a_failed_peer_back()
    {
        Nominate(Seconds(1), Home);
        Timeout(Seconds(32));
        _peer.RestartIce("fresh", "fresh-password-of-22-chars");
        Assert.True(Handle(Seconds(33), Moved, Build("fresh", "fresh-password-of-22-chars")));

        Assert.Equal(PeerState.Connected, _peer.State);
        Assert.Equal(Moved, _peer.SelectedAddress);
    }

    [Fact]
    public void The_old_pair_works_until_the_new_one_is_nominated()
    {
        Nominate(Seconds(1), Home);
        _peer.RestartIce("fresh", "fresh-password-of-22-chars");
        Assert.True(Handle(Seconds(2), Home, Build(_options.LocalUfrag, _options.LocalPassword)));
        Assert.True(Handle(
            Seconds(2), Moved, Build("fresh", "fresh-password-of-22-chars", Parts.Usual & ~Parts.Nominate)));
        Assert.True(Handle(Seconds(2), Home, Build(_options.LocalUfrag, _options.LocalPassword)));
        Assert.Equal(Home, _peer.SelectedAddress);
        Assert.True(Handle(Seconds(3), Moved, Build("fresh", "fresh-password-of-22-chars")));
        Assert.Equal(Moved, _peer.SelectedAddress);
        Assert.False(Handle(Seconds(4), Home, Build(_options.LocalUfrag, _options.LocalPassword)));
        Assert.Equal(Moved, _peer.SelectedAddress);
    }

    [Fact]
    public void The_local_fragment_is_read_before_any_peer_is_known()
    {
        Assert.True(CheckCredentials.TryReadLocalUfrag(Build("abcd", "x"), out ReadOnlySpan<byte> ufrag));
        Assert.Equal("abcd", Encoding.UTF8.GetString(ufrag));
        Assert.False(CheckCredentials.TryReadLocalUfrag([0, 1, 0, 0], out _));
    }

    private void AssertWrongCredentials(string ufrag, string password, DropReason reason)
    {
        Assert.False(Handle(Seconds(1), Home, Build(ufrag, password)));
        AssertRefused(reason, 401);
    }

    private void AssertRefused(DropReason reason, int code)
    {
        Assert.Equal(1UL, _peer.Drops[reason]);
        Assert.Equal(1UL, _peer.Drops.Total);
        Assert.True(_peer.SelectedAddress.IsNone);
        if (code == 0)
        {
            Assert.Empty(_sink.Sent);
            return;
        }

        Assert.True(StunMessageView.TryParse(_sink.TakeOnly(), out StunMessageView message));
        Assert.Equal(StunClass.Error, message.Class);
        Assert.True(message.TryGetErrorCode(out int answered, out _));
        Assert.Equal(code, answered);
    }

    private void Nominate(MonoTime now, TransportAddress from) =>
        Assert.True(Handle(now, from, Build(_options.LocalUfrag, _options.LocalPassword)));

    private bool Handle(MonoTime now, TransportAddress from, byte[] datagram) =>
        _peer.HandleStun(now, from, datagram, ref _sink);

    private void Timeout(MonoTime now) => _peer.HandleTimeout(now, ref _sink);

    private static MonoTime Seconds(int seconds) => MonoTime.FromMilliseconds(seconds * 1000);
}

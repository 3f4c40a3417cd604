using RtcPlatform.Engine.Ice;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Stun;

namespace RtcPlatform.MediaClient.Peer;

/// <summary>
/// Answers connectivity checks: an ICE-lite server sends none, a full agent (libnice, Pion) wants its own answered before it
/// believes in the pair that we nominate (RFC 8445 section 7.3).
/// </summary>
internal sealed class CheckResponder(CheckCredentials local)
{
    /// <summary>False when it is no check that is addressed to us.</summary>
    public bool TryAnswer<TSink>(scoped ReadOnlySpan<byte> datagram, TransportAddress source, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        if (!StunMessageView.TryParse(datagram, out StunMessageView message)
            || message.Class != StunClass.Request
            || message.Method != StunMethod.Binding
            || !message.TryGetUsername(out ReadOnlySpan<byte> username)
            || !local.IsAddressedBy(username)
            || !message.VerifyIntegrity(local.Key))
        {
            return false;
        }

        var writer = new StunMessageWriter(sink.Rent(), StunClass.Success, StunMethod.Binding, message.TransactionId);
        writer.AddXorMappedAddress(source);
        writer.AddMessageIntegrity(local.Key);
        writer.AddFingerprint();
        sink.Commit(source, writer.Finish());
        return true;
    }
}

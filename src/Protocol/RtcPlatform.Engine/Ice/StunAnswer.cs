using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Stun;

namespace RtcPlatform.Engine.Ice;

/// <summary>Writes the responses to connectivity checks (RFC 8489 section 6.3, RFC 8445 section 7.3).</summary>
internal static class StunAnswer
{
    /// <summary>Success with the address that the check came from.</summary>
    public static void Accept<TSink>(
        scoped in StunMessageView request, in TransportAddress to, CheckCredentials credentials, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        var writer = new StunMessageWriter(sink.Rent(), StunClass.Success, StunMethod.Binding, request.TransactionId);
        writer.AddXorMappedAddress(to);
        Finish(ref writer, credentials, to, ref sink);
    }

    /// <summary>400 and 401 carry no integrity, since no key is agreed (RFC 8489 section 9.1.3).</summary>
    public static void RefuseUnauthenticated<TSink>(
        scoped in StunMessageView request, in TransportAddress to, StunErrorCode code, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        var writer = new StunMessageWriter(sink.Rent(), StunClass.Error, StunMethod.Binding, request.TransactionId);
        writer.AddErrorCode(code, code == StunErrorCode.BadRequest ? "Bad Request" : "Unauthenticated");
        writer.AddFingerprint();
        sink.Commit(to, writer.Finish());
    }

    /// <summary>420 with the attributes that were not understood.</summary>
    public static void RefuseUnknown<TSink>(
        scoped in StunMessageView request,
        in TransportAddress to,
        scoped ReadOnlySpan<ushort> unknown,
        CheckCredentials credentials,
        ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        var writer = new StunMessageWriter(sink.Rent(), StunClass.Error, StunMethod.Binding, request.TransactionId);
        writer.AddErrorCode(StunErrorCode.UnknownAttribute, "Unknown Attribute");
        writer.AddUnknownAttributes(unknown);
        Finish(ref writer, credentials, to, ref sink);
    }

    /// <summary>487: the client is to take the controlling role.</summary>
    public static void RefuseRole<TSink>(
        scoped in StunMessageView request, in TransportAddress to, CheckCredentials credentials, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        var writer = new StunMessageWriter(sink.Rent(), StunClass.Error, StunMethod.Binding, request.TransactionId);
        writer.AddErrorCode(StunErrorCode.RoleConflict, "Role Conflict");
        Finish(ref writer, credentials, to, ref sink);
    }

    private static void Finish<TSink>(
        scoped ref StunMessageWriter writer, CheckCredentials credentials, in TransportAddress to, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        writer.AddMessageIntegrity(credentials.Key);
        writer.AddFingerprint();
        sink.Commit(to, writer.Finish());
    }
}

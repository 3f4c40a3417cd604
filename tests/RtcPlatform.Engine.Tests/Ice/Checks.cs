using System.Buffers.Binary;
using System.Text;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Stun;

namespace RtcPlatform.Engine.Tests.Ice;

/// <summary>Builds the checks of a client, right ones and wrong ones.</summary>
internal static class Checks
{
    public static readonly TransportAddress Home = TransportAddress.FromIPv4(0xC000_0201, 50_000);
    public static readonly TransportAddress Moved = TransportAddress.FromIPv4(0xC000_0202, 60_000);

    [Flags]
    public enum Parts
    {
        None = 0,
        Username = 1,
        Nominate = 2,
        Integrity = 4,
        Fingerprint = 8,
        Controlled = 16,
        UnknownRequired = 32,
        Usual = Username | Nominate | Integrity | Fingerprint,
    }

    public static byte[] Build(
        string ufrag, string password, Parts parts = Parts.Usual, StunClass kind = StunClass.Request, ulong id = 1)
    {
        byte[] buffer = new byte[512];
        byte[] transaction = new byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(transaction, id);
        var writer = new StunMessageWriter(buffer, kind, StunMethod.Binding, transaction);
        if (parts.HasFlag(Parts.Username))
        {
            writer.AddUsername($"{ufrag}:client");
        }

        writer.AddPriority(0x6E7F_FFFF);
        if (parts.HasFlag(Parts.Controlled))
        {
            writer.AddIceControlled(42);
        }
        else
        {
            writer.AddIceControlling(42);
        }

        if (parts.HasFlag(Parts.Nominate))
        {
            writer.AddUseCandidate();
        }

        if (parts.HasFlag(Parts.UnknownRequired))
        {
            writer.Add((StunAttributeType)0x7F01, [1, 2, 3, 4]);
        }

        if (parts.HasFlag(Parts.Integrity))
        {
            writer.AddMessageIntegrity(Encoding.UTF8.GetBytes(password));
        }

        if (parts.HasFlag(Parts.Fingerprint))
        {
            writer.AddFingerprint();
        }

        return buffer[..writer.Finish()];
    }
}

using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Crypto.Tests.Dtls;

/// <summary>A client and a server of ours joined by a network that a test may bend. Its clock is the machine's (OpenSSL's is too).</summary>
internal sealed class DtlsPair : IDisposable
{
    private readonly DtlsIdentity _ownClient;
    private readonly DtlsIdentity _ownServer;
    private readonly long _start = Environment.TickCount64;

    public DtlsPair(
        IReadOnlyList<SrtpProfile>? clientProfiles = null,
        IReadOnlyList<SrtpProfile>? serverProfiles = null,
        DtlsFingerprint? clientExpects = null,
        DtlsFingerprint? serverExpects = null)
    {
        _ownClient = Identity(clientProfiles, 1);
        _ownServer = Identity(serverProfiles, 2);
        Client = new DtlsConnection(_ownClient, DtlsRole.Client, clientExpects ?? _ownServer.Fingerprint);
        Server = new DtlsConnection(_ownServer, DtlsRole.Server, serverExpects ?? _ownClient.Fingerprint);
    }

    public DtlsConnection Client { get; }

    public DtlsConnection Server { get; }

    /// <summary>Datagrams in the order they were sent; the test decides by index whether one arrives.</summary>
    public int Sent { get; private set; }

    public int Largest { get; private set; }

    /// <summary>How often each datagram arrives.</summary>
    public int Copies { get; init; } = 1;

    public MonoTime Now => MonoTime.FromMilliseconds(Environment.TickCount64 - _start);

    public static DtlsIdentity Identity(IReadOnlyList<SrtpProfile>? profiles = null, byte serial = 7) =>
        DtlsIdentity.Create(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), [serial, 2, 3, 4], profiles);

    /// <summary>Carries datagrams until nothing moves. <paramref name="pass"/> gets index and sender.</summary>
    public bool Exchange(Func<int, DtlsConnection, bool>? pass = null)
    {
        var moved = false;
        bool again;
        do
        {
            again = Carry(Client, Server, pass) | Carry(Server, Client, pass);
            moved |= again;
        }
        while (again);
        return moved;
    }

    /// <summary>Carries datagrams and lets time pass until both are through, or the limit of rounds is reached.</summary>
    public void RunUntilSettled(Func<int, DtlsConnection, bool>? pass = null)
    {
        Exchange(pass);
        var limit = Now + TimeSpan.FromSeconds(20);
        while ((Client.State == DtlsState.Handshaking || Server.State == DtlsState.Handshaking) && Now < limit)
        {
            Step(Client);
            Step(Server);
            Exchange(pass);
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        _ownClient.Dispose();
        _ownServer.Dispose();
    }

    private void Step(DtlsConnection connection)
    {
        if (Now >= connection.NextTimeout)
        {
            connection.HandleTimeout(Now);
        }
    }

    private bool Carry(DtlsConnection from, DtlsConnection to, Func<int, DtlsConnection, bool>? pass)
    {
        var buffer = new byte[DtlsConnection.MaximumDatagram];
        var moved = false;
        while (from.TryTransmit(buffer, out var length))
        {
            moved = true;
            Largest = Math.Max(Largest, length);
            var arrives = pass?.Invoke(Sent, from) ?? true;
            Sent++;
            for (var copy = 0; arrives && copy < Copies; copy++)
            {
                to.HandleDatagram(Now, buffer.AsSpan(0, length));
            }
        }

        return moved;
    }
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using RtcPlatform.Engine.Ice;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>A shard's transports and rooms: by id, by address, by ICE user fragment.</summary>
internal sealed class TransportTable
{
    private const int LongestUfrag = 256;

    private readonly Dictionary<string, ShardTransport> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ShardTransport> _byUfrag = new(StringComparer.Ordinal);
    private readonly AddressTable _byAddress = new(RandomNumberGenerator.GetInt32(int.MaxValue));
    private readonly Dictionary<string, (Router Router, int Transports)> _rooms = new(StringComparer.Ordinal);
    private readonly List<ShardTransport> _all = [];
    private readonly List<Router> _routers = [];

    public ReadOnlySpan<ShardTransport> All => CollectionsMarshal.AsSpan(_all);

    /// <summary>When each of <see cref="All"/> must be looked at, in the same order.</summary>
    public DueTable Due { get; } = new();

    public ReadOnlySpan<Router> Routers => CollectionsMarshal.AsSpan(_routers);

    public ShardTransport? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The router of a room that has transports here.</summary>
    public Router? FindRoom(string room) => _rooms.GetValueOrDefault(room).Router;

    public ShardTransport? Find(in TransportAddress address) => _byAddress.Find(address);

    /// <summary>Whose user name a check carries; not authenticated.</summary>
    public ShardTransport? FindByCheck(ReadOnlySpan<byte> datagram)
    {
        if (!CheckCredentials.TryReadLocalUfrag(datagram, out ReadOnlySpan<byte> octets) || octets.Length > LongestUfrag)
        {
            return null;
        }

        Span<char> ufrag = stackalloc char[octets.Length];
        Encoding.Latin1.GetChars(octets, ufrag);
        return _byUfrag.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(ufrag, out ShardTransport? transport) ? transport : null;
    }

    public void Add(ShardTransport transport)
    {
        (Router router, int transports) = _rooms.GetValueOrDefault(transport.Room);
        if (router is null)
        {
            router = new Router(transport.Room);
            _routers.Add(router);
        }

        _rooms[transport.Room] = (router, transports + 1);
        transport.Router = router;
        _byId.Add(transport.Id, transport);
        _all.Add(transport);
        transport.Slot = Due.Add();
        foreach (string ufrag in transport.Ufrags)
        {
            _byUfrag[ufrag] = transport;
        }
    }

    /// <summary>Leads checks with another user fragment to a transport, as an ICE restart wants.</summary>
    public void AddUfrag(ShardTransport transport, string ufrag)
    {
        transport.Ufrags.Add(ufrag);
        _byUfrag[ufrag] = transport;
    }

    /// <summary>An authentic check came from an address.</summary>
    public void Confirm(ShardTransport transport, in TransportAddress address)
    {
        if (ReferenceEquals(_byAddress.Find(address), transport))
        {
            return;
        }

        if (transport.Addresses.Count == ShardTransport.MostAddresses)
        {
            _byAddress.Remove(transport.Addresses[0], transport);
            transport.Addresses.RemoveAt(0);
        }

        transport.Addresses.Remove(address);
        transport.Addresses.Add(address);
        _byAddress.Set(address, transport);
    }

    /// <summary>Forgets a transport; gives its router back when it was the room's last.</summary>
    public Router? Remove(ShardTransport transport)
    {
        _byId.Remove(transport.Id);
        RemoveSlot(transport);
        foreach (string ufrag in transport.Ufrags)
        {
            _byUfrag.Remove(ufrag);
        }

        foreach (TransportAddress address in transport.Addresses)
        {
            _byAddress.Remove(address, transport);
        }

        (Router router, int transports) = _rooms[transport.Room];
        if (transports > 1)
        {
            _rooms[transport.Room] = (router, transports - 1);
            return null;
        }

        _rooms.Remove(transport.Room);
        _routers.Remove(router);
        return router;
    }

    private void RemoveSlot(ShardTransport transport)
    {
        Due.Remove(transport.Slot);
        _all[transport.Slot] = _all[^1];
        _all[transport.Slot].Slot = transport.Slot;
        _all.RemoveAt(_all.Count - 1);
        transport.Slot = -1;
    }
}

using System.Collections.Immutable;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine.Negotiation;

/// <summary>What an answerer needs to know of the world; chance comes in as functions.</summary>
public sealed record NegotiatorOptions
{
    /// <summary>Credentials of the first negotiation (RFC 8839: ufrag 4 to 256, password 22 to 256 ice-chars).</summary>
    public required IceCredentials Credentials { get; init; }

    /// <summary>Fresh credentials for an ICE restart.</summary>
    public required Func<IceCredentials> NextCredentials { get; init; }

    /// <summary>Our certificate's fingerprint as SDP says it: <c>sha-256 AB:CD:…</c>.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>UDP host candidates, best first; at least one.</summary>
    public required ImmutableArray<TransportAddress> Candidates { get; init; }

    /// <summary>A source id that no other stream of the node uses at the moment.</summary>
    public required Func<uint> NextSsrc { get; init; }

    /// <summary>RTCP canonical name (RFC 3550 section 6.5.1).</summary>
    public required string Cname { get; init; }

    /// <summary>Number of the <c>o=</c> line, constant for a transport.</summary>
    public required ulong SessionId { get; init; }
}

/// <summary>A user fragment and its password.</summary>
public readonly record struct IceCredentials(string Ufrag, string Password);

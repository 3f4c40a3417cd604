using Microsoft.AspNetCore.Http;
using Orleans;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Api.HttpSessions;

/// <summary>
/// Sends a POST to the edge that should serve it: 307 and never 301 or 302, which would turn it into a GET (RFC 9725
/// section 4.5). A client, or the load balancer before it, names a region by <c>?region=</c>; an edge whose nodes are all at
/// their limit sends to its overflow, or answers 503.
/// </summary>
internal sealed class EdgeRouting(IGrainFactory grains, HttpSessionOptions options, TimeProvider time)
{
    private const string RegionKey = "region";

    /// <summary>Marks a request that was sent on once: it is not sent on again, so that two full edges do not play ball.</summary>
    private const string SentOnKey = "sent-on";

    private const int OverloadRetrySeconds = 5;
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private volatile LoadFinding? _load;

    /// <summary>Null when this edge serves the request.</summary>
    public async ValueTask<IResult?> Elsewhere(HttpContext http)
    {
        bool sentOn = http.Request.Query.ContainsKey(SentOnKey);
        if (!sentOn
            && http.Request.Query.TryGetValue(RegionKey, out var asked)
            && !string.Equals(asked, options.Region, StringComparison.OrdinalIgnoreCase)
            && options.Regions.TryGetValue(asked.ToString(), out string? regional))
        {
            return SendOn(http, regional);
        }

        if (options.OverloadAt <= 0 || !await IsOverloaded())
        {
            return null;
        }

        return !sentOn && options.OverflowUrl.Length > 0
            ? SendOn(http, options.OverflowUrl)
            : SessionProblems.Of(503, "overloaded", "Every media node is at its limit.", http.Response, OverloadRetrySeconds);
    }

    private static IResult SendOn(HttpContext http, string url)
    {
        HttpRequest request = http.Request;
        http.Response.Headers.Location =
            $"{url.TrimEnd('/')}{request.Path.ToUriComponent()}{request.QueryString.Add(SentOnKey, "1").ToUriComponent()}";
        return TypedResults.StatusCode(307);
    }

    private async ValueTask<bool> IsOverloaded()
    {
        if (_load is { } known && time.GetElapsedTime(known.At) < Freshness)
        {
            return known.IsOverloaded;
        }

        NodeStatus[] nodes = await grains.GetGrain<INodeDirectoryGrain>(GrainKeys.DefaultRegion).Snapshot();
        bool overloaded = nodes.Length > 0 && nodes.All(node => node.Load >= options.OverloadAt);
        _load = new LoadFinding(overloaded, time.GetTimestamp());
        return overloaded;
    }

    private sealed record LoadFinding(bool IsOverloaded, long At);
}

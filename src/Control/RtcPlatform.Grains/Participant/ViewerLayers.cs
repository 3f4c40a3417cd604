using System.Text.Json;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Grains.Participant;

/// <summary>
/// The <c>layers</c> event of one viewer: what simulcast layers there are of what it watches, told when another one comes or
/// goes. An active layer has a bitrate (without one it would count as inactive), so a change is told once that is measured.
/// </summary>
internal sealed class ViewerLayers
{
    private string? _told;

    /// <summary>For a stream that has heard nothing yet.</summary>
    public void Forget() => _told = null;

    /// <summary>The event's data when it is news, else null.</summary>
    public async Task<string?> Changed(MediaTransport transport)
    {
        Outcome<LayersResult> outcome = await transport.DescribeLayers();
        if (outcome.Value is not { } result
            || result.Sections.SelectMany(static section => section.Layers).Any(static layer => layer is { Active: true, Bitrate: 0 }))
        {
            return null;
        }

        string shape = string.Join(' ', result.Sections.Select(static section =>
            $"{section.Line}:{string.Join(',', section.Layers.Select(static layer => $"{layer.Rid}={layer.Active}"))}"));
        if (shape == _told)
        {
            return null;
        }

        _told = shape;
        return Write(result);
    }

    /// <summary>As the core extensions have it: by the index of the m-line, highest layer first as in their examples.</summary>
    private static string Write(LayersResult result) => JsonSerializer.Serialize(result.Sections.ToDictionary(
        static section => $"{section.Line}",
        static section => section.Layers.Reverse().Select(static layer => layer.Active
            ? new Dictionary<string, object> { ["rid"] = layer.Rid, ["bitrate"] = layer.Bitrate }
            : new Dictionary<string, object> { ["rid"] = layer.Rid })));
}

using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using RtcPlatform.Cli.Up;
using RtcPlatform.Domain.Tokens;
using RtcPlatform.MediaClient;
using RtcPlatform.MediaClient.Signal;
using RtcPlatform.MediaClient.Streams;
using RtcPlatform.Signaling.Contract;

namespace RtcPlatform.Cli.Doctor;

using Peer = RtcPlatform.MediaClient.MediaClient;

/// <summary>
/// The proof that a call works: two peers join a room of their own through real signaling; what the one sends must reach the
/// other through the media node, whole.
/// </summary>
internal static class MediaPathCheck
{
    private const string Name = "media path";
    private const int EnoughAudio = 50;
    private const int EnoughVideo = 90;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(2);

    public static async Task<Finding> Run(DevFile dev, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        var stage = new Stage();
        try
        {
            return await Call(dev, stage, patience.Token);
        }
        catch (SignalException error)
        {
            return Finding.Fail(Name, $"{stage.Doing}: {error.Message}", AdviceFor(error.Code));
        }
        catch (MediaException error)
        {
            return Finding.Fail(
                Name, $"{stage.Doing}: {error.Message}", "UDP to the media node's port must be allowed; see its log");
        }
        catch (IOException error)
        {
            return Finding.Fail(Name, $"{stage.Doing}: {error.Message}", "this machine must allow UDP sockets");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Finding.Fail(
                Name, $"{stage.Doing}: not done within {Patience.TotalSeconds:F0} s", "see the logs of the server and the media node");
        }
    }

    private static async Task<Finding> Call(DevFile dev, Stage stage, CancellationToken cancellation)
    {
        string room = "doctor-" + RandomNumberGenerator.GetHexString(12, lowercase: true);
        stage.Doing = "the publisher joins";
        await using Peer publisher = await Peer.ConnectAsync(Options(dev, room, "publisher", canPublish: true), cancellation);
        stage.Doing = "the subscriber joins";
        await using Peer subscriber = await Peer.ConnectAsync(Options(dev, room, "subscriber", canPublish: false), cancellation);
        stage.Doing = "the publisher publishes";
        await publisher.PublishAsync(SyntheticMedia.Default, cancellation);
        long asked = Stopwatch.GetTimestamp();
        stage.Doing = "the subscriber subscribes";
        await subscriber.SubscribeAsync(cancellation);
        stage.Doing = "packets are awaited";
        TimeSpan? first = null;
        while (!IsEnough(subscriber.Tracks))
        {
            if (publisher.Ended.IsCompleted || subscriber.Ended.IsCompleted)
            {
                Peer over = publisher.Ended.IsCompleted ? publisher : subscriber;
                return Finding.Fail(Name, $"{stage.Doing}: {await over.Ended}", "see the logs of the server and the media node");
            }

            first ??= subscriber.Counters.Received > 0 ? Stopwatch.GetElapsedTime(asked) : null;
            stage.Doing = $"packets are awaited ({Summary(subscriber)})";
            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellation);
        }

        return Judge(publisher, subscriber, first ?? Stopwatch.GetElapsedTime(asked));
    }

    private static MediaClientOptions Options(DevFile dev, string room, string identity, bool canPublish) => new()
    {
        Server = new Uri(dev.Url),
        Token = TokenBuilder.SignJoin(
            dev.ApiKey, dev.ApiSecret, room, identity, TimeProvider.System.GetUtcNow(), TokenLifetime, "rtc doctor", canPublish),
        AutoSubscribe = !canPublish,
    };

    private static bool IsEnough(IReadOnlyList<TrackReception> tracks) =>
        tracks.Any(static t => !t.IsVideo && t.Received >= EnoughAudio)
        && tracks.Any(static t => t.IsVideo && t.Received >= EnoughVideo);

    private static Finding Judge(Peer publisher, Peer subscriber, TimeSpan first)
    {
        MediaCounters counted = subscriber.Counters;

        // The first check also pays for code that was never run before; the quicker one tells about the path.
        double roundTrip = Math.Min(publisher.RoundTrip.TotalMilliseconds, subscriber.RoundTrip.TotalMilliseconds);
        double delay = subscriber.Tracks.Average(static t => t.MeanDelay.TotalMilliseconds);
        string checksums = counted.ChecksumErrors == 0 ? "right" : $"WRONG in {counted.ChecksumErrors}";
        string detail = string.Create(
            CultureInfo.InvariantCulture,
            $"{Summary(subscriber)}, checksums {checksums}, {counted.Lost} lost; "
            + $"{publisher.Profile} via {publisher.Remote}, RTT {roundTrip:F2} ms, one way {delay:F2} ms, "
            + $"first packet after {first.TotalMilliseconds:F0} ms");
        if (counted.ChecksumErrors > 0 || counted.Undecryptable > 0)
        {
            return Finding.Fail(
                Name, $"{detail}, {counted.Undecryptable} undecryptable", "packets are changed on the way; report this with the node's log");
        }

        return counted.Lost > 0
            ? Finding.Warn(Name, detail, "packets are lost on this machine itself: raise the UDP buffers, or give it more CPU")
            : Finding.Ok(Name, detail);
    }

    private static string Summary(Peer subscriber)
    {
        IReadOnlyList<TrackReception> tracks = subscriber.Tracks;
        long Of(bool video) => tracks.Where(t => t.IsVideo == video).Sum(static t => t.Received);
        return string.Create(CultureInfo.InvariantCulture, $"{Of(false)} audio and {Of(true)} video packets");
    }

    private static string AdviceFor(SignalErrorCode? code) => code switch
    {
        SignalErrorCode.NoMediaNode or SignalErrorCode.MediaNodeLost => "no media node takes calls; see node.log",
        SignalErrorCode.InvalidToken or SignalErrorCode.TokenExpired =>
            "dev.json does not belong to this server, or the clocks differ",
        _ => "see the server's log",
    };

    /// <summary>What is being done, for the message when it fails.</summary>
    private sealed class Stage
    {
        public string Doing { get; set; } = "";
    }
}

using System.Security.Cryptography;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.MediaClient.Description;
using RtcPlatform.MediaClient.Peer;
using RtcPlatform.MediaClient.Signal;
using RtcPlatform.MediaClient.Streams;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Signaling.Contract;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.MediaClient;

/// <summary>
/// A participant without a browser. Join with <see cref="ConnectAsync(MediaClientOptions, CancellationToken)"/>, then
/// <see cref="PublishAsync"/>, <see cref="SubscribeAsync"/> or both; <see cref="Counters"/> and <see cref="Tracks"/> say what
/// came through. Any thread.
/// </summary>
public sealed class MediaClient : IAsyncDisposable
{
    private static readonly TimeSpan NegotiationPatience = TimeSpan.FromSeconds(15);

    private readonly DtlsIdentity? _ownIdentity;
    private readonly DtlsIdentity _identity;
    private readonly ClientSession _session;
    private readonly SemaphoreSlim _negotiating = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _followLock = new();
    private SignalClient _signal = null!;
    private PeerThread? _thread;
    private ClientPeer? _peer;
    private Task _following = Task.CompletedTask;
    private volatile bool _subscribing;

    private MediaClient(MediaClientOptions options)
    {
        _ownIdentity = options.Identity is null
            ? DtlsIdentity.Create(TimeProvider.System.GetUtcNow(), RandomNumberGenerator.GetBytes(16))
            : null;
        _identity = options.Identity ?? _ownIdentity!;
        _session = new ClientSession(_identity.Fingerprint.ToString());
    }

    /// <summary>The server's answer to the join.</summary>
    public JoinResponse Joined { get; private set; } = null!;

    /// <summary>Completes with the reason, one sentence, when signaling or media ended; never faults.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Of the last connectivity check; zero before the first answer.</summary>
    public TimeSpan RoundTrip => _peer?.RoundTrip ?? TimeSpan.Zero;

    /// <summary>The media node's UDP address; none before the first answer.</summary>
    public TransportAddress Remote => _peer?.Remote ?? default;

    /// <summary>Null until media is connected.</summary>
    public SrtpProfile? Profile => _peer?.Profile;

    public MediaCounters Counters => _session.Streams.Count(_peer);

    /// <summary>What was received, by track.</summary>
    public IReadOnlyList<TrackReception> Tracks => [.. _session.Streams.Incoming.Select(static s => s.Read())];

    /// <inheritdoc cref="ConnectAsync(MediaClientOptions, CancellationToken)"/>
    public static Task<MediaClient> ConnectAsync(Uri server, string token, CancellationToken cancellation) =>
        ConnectAsync(new MediaClientOptions { Server = server, Token = token }, cancellation);

    /// <summary>Joins the token's room; no media yet.</summary>
    /// <exception cref="SignalException">Not reachable, or the join was refused.</exception>
    public static async Task<MediaClient> ConnectAsync(MediaClientOptions options, CancellationToken cancellation)
    {
        var client = new MediaClient(options);
        try
        {
            client._signal = await SignalClient.ConnectAsync(options.Server, client.Handlers(), cancellation);
            _ = client._signal.Ended.ContinueWith(
                static (ended, state) => ((MediaClient)state!)._ended.TrySetResult($"signaling ended: {ended.Result}"),
                client,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            var info = new ClientInfo(
                "dotnet", typeof(MediaClient).Assembly.GetName().Version?.ToString(3) ?? "0", UserAgent: null);
            client.Joined = await client._signal.InvokeAsync<JoinResponse>(
                nameof(IRoomHub.Join), new JoinRequest(options.Token, Room: null, options.AutoSubscribe, Offer: null, info), cancellation);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Announces tracks, negotiates them and sends until the end; returns when media is connected.</summary>
    /// <exception cref="SignalException">Refused.</exception>
    /// <exception cref="MediaException">The answer cannot be used, or media does not connect.</exception>
    public async Task<IReadOnlyList<TrackInfo>> PublishAsync(SyntheticMedia media, CancellationToken cancellation)
    {
        media.Validate();
        var tracks = new List<TrackInfo>();
        if (media.Audio)
        {
            tracks.Add(
                await Announce(new PublishRequest(TrackKind.Audio, TrackSource.Microphone, "audio", false, 0, 0), cancellation));
        }

        if (media.Video)
        {
            tracks.Add(
                await Announce(new PublishRequest(TrackKind.Video, TrackSource.Camera, "video", false, 640, 360), cancellation));
        }

        await Negotiate(() => tracks.ForEach(AddSending), cancellation);
        await _thread!.Connected.WaitAsync(cancellation);
        return tracks;

        void AddSending(TrackInfo track) =>
            _session.AddSending(track.Kind == TrackKind.Audio ? MediaKind.Audio : MediaKind.Video, track.Sid, media);
    }

    /// <summary>
    /// Receives the tracks that the server subscribes us to, those of later publishers included; returns when media is connected.
    /// </summary>
    /// <exception cref="SignalException">Refused.</exception>
    /// <exception cref="MediaException">The answer cannot be used, or media does not connect.</exception>
    public async Task SubscribeAsync(CancellationToken cancellation)
    {
        _subscribing = true;
        await Receive(1, 1, cancellation);
        await _thread!.Connected.WaitAsync(cancellation);
    }

    /// <summary>Leaves the room and closes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await Following();

        // Before the transport ends, so that its end is no loss.
        if (_signal is not null)
        {
            await Leave();
        }

        _thread?.Dispose();
        if (_signal is not null)
        {
            await _signal.DisposeAsync();
        }

        _ended.TrySetResult("closed by this side");
        _ownIdentity?.Dispose();
        _stop.Dispose();
    }

    private SignalHandlers Handlers() => new()
    {
        NegotiationNeeded = request => Follow(request.AddAudioSections, request.AddVideoSections),
        TransportLost = loss => _ended.TrySetResult($"the media node was lost: {loss.Reason}"),
        Disconnected = disconnection => _ended.TrySetResult($"disconnected by the server: {disconnection.Reason}"),
    };

    private Task<TrackInfo> Announce(PublishRequest request, CancellationToken cancellation) =>
        _signal.InvokeAsync<TrackInfo>(nameof(IRoomHub.Publish), request, cancellation);

    private async Task Leave()
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await _signal.InvokeAsync(nameof(IRoomHub.Leave), argument: null, patience.Token);
        }
        catch (Exception error) when (error is SignalException or OperationCanceledException)
        {
            _ended.TrySetResult($"leaving failed: {error.Message}");
        }
    }

    /// <summary>Answers the server's wishes one after the other, off the reading task.</summary>
    private void Follow(int audio, int video)
    {
        if (!_subscribing)
        {
            return;
        }

        lock (_followLock)
        {
            _following = Chain(_following);
        }

        async Task Chain(Task before)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                patience.CancelAfter(NegotiationPatience);
                await Receive(audio, video, patience.Token);
            }
            catch (Exception error) when (error is SignalException or MediaException or OperationCanceledException)
            {
                _ended.TrySetResult($"a negotiation failed: {error.Message}");
            }
        }
    }

    private Task Following()
    {
        lock (_followLock)
        {
            return _following;
        }
    }

    private async Task Receive(int audio, int video, CancellationToken cancellation)
    {
        do
        {
            Answer answer = await Negotiate(() => _session.AddReceiving(audio, video), cancellation);
            audio = answer.MissingAudioSections;
            video = answer.MissingVideoSections;
        }
        while (audio + video > 0);
    }

    private async Task<Answer> Negotiate(Action addSections, CancellationToken cancellation)
    {
        await _negotiating.WaitAsync(cancellation);
        try
        {
            addSections();
            Answer answer = await _signal.InvokeAsync<Answer>(
                nameof(IRoomHub.Offer), new OfferRequest(_session.NextOffer(), NewTransport: false), cancellation);
            if (!ServerDescription.TryRead(answer.Sdp, out ServerDescription? description, out string? fault))
            {
                throw new MediaException(fault);
            }

            Apply(description, answer.MidToTrack);
            return answer;
        }
        finally
        {
            _negotiating.Release();
        }
    }

    private void Apply(ServerDescription description, IReadOnlyDictionary<string, string> midToTrack)
    {
        if (description.Setup == "active")
        {
            throw new MediaException("the server wants to be the DTLS client");
        }

        if (_thread is null)
        {
            _peer = new ClientPeer(_identity, _session.Ufrag, description, ClientSession.Seed(), MonoClock.Now);
            _thread = new PeerThread(_peer, _session.Streams, description.Candidate.ToIPEndPoint().Address);
            _ = _thread.Failed.ContinueWith(
                static (failed, state) => ((MediaClient)state!)._ended.TrySetResult($"media ended: {failed.Result}"),
                this,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        foreach (ServerSection section in description.Sections)
        {
            if ((section.Direction & MediaDirection.SendOnly) != 0
                && section.Ssrc != 0
                && midToTrack.TryGetValue(section.Mid, out string? trackSid))
            {
                _thread.Post(_ => _session.Streams.Add(trackSid, section.Kind, section.Ssrc, section.RtxSsrc));
            }
        }

        foreach ((OfferSection section, SyntheticMedia media) in _session.TakeNewSending())
        {
            ServerSection agreed = description.Sections.FirstOrDefault(
                s => s.Mid == section.Mid && (s.Direction & MediaDirection.RecvOnly) != 0)
                ?? throw new MediaException($"the answer does not take the published {section.Kind} track");
            _thread.Post(now => _session.Streams.Add(new OutgoingStream(section, agreed, media, section.Ssrc, now)));
        }
    }
}

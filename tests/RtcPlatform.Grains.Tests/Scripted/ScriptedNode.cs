using Google.Protobuf;
using RtcPlatform.EmbeddedOrleans.Simulation;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Grains.Tests.Scripted;

/// <summary>A transport as the scripted node remembers it.</summary>
internal sealed class ScriptedTransport(string id, string room, ByteString context)
{
    public string Id { get; } = id;

    public string Room { get; } = room;

    public ByteString Context { get; set; } = context;

    public ulong OfferId { get; set; }

    public List<string> Produces { get; set; } = [];

    public List<string> Consumes { get; set; } = [];

    public HashSet<string> Paused { get; } = [];

    /// <summary>An offer of the node's waits for its answer.</summary>
    public bool IsOffering { get; set; }

    /// <summary>What a viewer's sections carry: audio, video; empty = nothing.</summary>
    public List<string> Carries { get; set; } = [];
}

/// <summary>A media node's end of the control stream: the real frames, a real <see cref="ReliableLink"/>, no media.</summary>
internal sealed class ScriptedNode(SimulatedSilo silo, string nodeId)
{
    public const string OwnOffer = "v=0\r\nan offer of the node";

    private readonly Dictionary<string, Response> _answered = [];
    private readonly ReliableLink _memory = new();
    private string _serverInstance = string.Empty;
    private Stream? _stream;
    private int _starts;
    private int _streams;

    public string NodeId => nodeId;

    public Dictionary<string, ScriptedTransport> Transports { get; } = [];

    public List<Request> Requests { get; } = [];

    public string InstanceId => $"{nodeId}-{_starts}";

    public bool IsAttached => _stream is not null;

    public bool? Resumed { get; private set; }

    public string? Refused { get; private set; }

    /// <summary>Requests for which this says true are never answered.</summary>
    public Predicate<Request> Swallows { get; set; } = _ => false;

    /// <summary>Requests for which this gives an error are answered with it.</summary>
    public Func<Request, Error?> Refuses { get; set; } = _ => null;

    /// <summary>Every offer that may be countered is.</summary>
    public bool Counters { get; set; }

    /// <summary>What every viewer's video section can be given.</summary>
    public List<SimulcastLayer> Layers { get; } = [];

    /// <summary>Virtual time until a request is answered.</summary>
    public Func<Request, TimeSpan> Delay { get; set; } = _ => TimeSpan.Zero;

    private IMediaNodeGrain Grain => silo.Grains.GetGrain<IMediaNodeGrain>(nodeId);

    /// <summary>A new process that dials in.</summary>
    public Task StartAsync()
    {
        BecomeAnotherProcess();
        return ConnectAsync();
    }

    /// <summary>The same process dials in (again).</summary>
    public async Task ConnectAsync()
    {
        var stream = new Stream(this, $"{nodeId}/{++_streams}");
        NodeHello hello = new()
        {
            NodeId = nodeId, InstanceId = InstanceId, Region = "local", ServerInstanceId = _serverInstance,
        };
        hello.Transports.Add(Transports.Values.Select(transport => new TransportSnapshot
        {
            TransportId = transport.Id,
            Room = transport.Room,
            Context = transport.Context,
            State = TransportState.Connected,
            OfferId = transport.OfferId,
        }));
        byte[] frame = _memory.Stamp(new ControlFrame { Hello = hello }).ToByteArray();
        NodeAcceptance acceptance = await Grain.Attach(frame, stream.Id, silo.Grains.CreateObjectReference<INodeLink>(stream));
        Refused = acceptance.Refused;
        if (Refused is not null)
        {
            return;
        }

        _stream = stream;
        foreach (byte[] welcome in acceptance.Welcome)
        {
            await TakeAsync(stream, ControlFrame.Parser.ParseFrom(welcome));
        }

        stream.Open();
    }

    /// <summary>The socket broke; the process lives.</summary>
    public async Task DropStreamAsync()
    {
        if (_stream is { } stream)
        {
            _stream = null;
            await Grain.Detach(stream.Id);
        }
    }

    /// <summary>kill -9: the socket breaks and everything on the node is gone; what dials in later is another process.</summary>
    public Task KillAsync()
    {
        BecomeAnotherProcess();
        return DropStreamAsync();
    }

    /// <summary>The server process died: the socket is gone without anybody telling the grain.</summary>
    public void LoseServer() => _stream = null;

    public Task NotifyAsync(string transportId, TransportState state, string reason) => SendAsync(new ControlFrame
    {
        Notification = new Notification
        {
            TransportChanged = new TransportChanged { TransportId = transportId, State = state, Reason = reason },
        },
    });

    private void BecomeAnotherProcess()
    {
        _starts++;
        Transports.Clear();
        _answered.Clear();
        _memory.Reset();
        _serverInstance = string.Empty;
    }

    private async Task SendAsync(ControlFrame frame)
    {
        byte[] bytes = _memory.Stamp(frame).ToByteArray();
        if (_stream is { } stream)
        {
            await stream.PostAsync(bytes);
        }
    }

    private async Task TakeAsync(Stream stream, ControlFrame frame)
    {
        if (frame.BodyCase == ControlFrame.BodyOneofCase.Welcome)
        {
            Resumed = frame.Welcome.Resumed;
            _serverInstance = frame.Welcome.ServerInstanceId;
            await ResumeAsync(frame, stream);
        }
        else if (ReferenceEquals(stream, _stream) && _memory.Accept(frame) && frame.Request is { } request)
        {
            Requests.Add(request);
            _ = AnswerAsync(request);
        }
    }

    private async Task ResumeAsync(ControlFrame welcome, Stream stream)
    {
        if (Resumed != true)
        {
            _memory.Reset();
            return;
        }

        _memory.Accept(welcome);
        foreach (ControlFrame kept in _memory.Unacknowledged.ToArray())
        {
            await stream.PostAsync(kept.ToByteArray());
        }
    }

    private async Task AnswerAsync(Request request)
    {
        string process = InstanceId;
        string server = _serverInstance;
        TimeSpan delay = Delay(request);
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, silo.Time);
        }

        // What a server asked for that is gone by now is not done: the hello to the next one did not list it.
        if (Swallows(request)
            || !string.Equals(process, InstanceId, StringComparison.Ordinal)
            || !string.Equals(server, _serverInstance, StringComparison.Ordinal))
        {
            return;
        }

        if (!_answered.TryGetValue(request.Id, out Response? response))
        {
            response = Refuses(request) is { } error ? new Response { Error = error } : Perform(request);
            response.Id = request.Id;
            _answered[request.Id] = response;
        }

        await SendAsync(new ControlFrame { Response = response.Clone() });
    }

    private Response Perform(Request request)
    {
        switch (request.CommandCase)
        {
            case Request.CommandOneofCase.OpenTransport:
                OpenTransport open = request.OpenTransport;
                Transports[open.TransportId] = new ScriptedTransport(open.TransportId, open.Room, open.Context);
                return open.FirstOffer is null ? new Response() : NegotiateFirst(open.FirstOffer);
            case Request.CommandOneofCase.Retarget:
                return With(request.Retarget.TransportId, transport => transport.Carries =
                    transport.IsOffering ? [] : [.. request.Retarget.Receive.Select(wanted => wanted.Source)]);
            case Request.CommandOneofCase.DescribeLayers:
                return new Response { Layers = new LayersResult { Sections = { new SectionLayers { Line = 1, Layers = { Layers } } } } };
            case Request.CommandOneofCase.SelectLayer:
                return request.SelectLayer.Rid.Length == 0 || Layers.Exists(layer => layer.Rid == request.SelectLayer.Rid)
                    ? new Response()
                    : new Response { Error = new Error { Code = "unknown_layer", Message = "no such layer" } };
            case Request.CommandOneofCase.RestartIce:
                RestartIce restart = request.RestartIce;
                Response restarted = With(restart.TransportId, transport => transport.OfferId = restart.OfferId);
                return restarted.Error is not null
                    ? restarted
                    : new Response { RestartIce = new RestartIceResult { SdpFragment = "a=ice-lite\r\n" } };
            case Request.CommandOneofCase.CloseTransport:
                Transports.Remove(request.CloseTransport.TransportId);
                return new Response();
            case Request.CommandOneofCase.Negotiate:
                return Negotiate(request.Negotiate);
            case Request.CommandOneofCase.SetProducerPaused:
                SetProducerPaused pause = request.SetProducerPaused;
                return With(pause.TransportId, transport => _ = pause.Paused
                    ? transport.Paused.Add(pause.TrackSid)
                    : transport.Paused.Remove(pause.TrackSid));
            case Request.CommandOneofCase.UpdateContext:
                return With(request.UpdateContext.TransportId, transport => transport.Context = request.UpdateContext.Context);
            default:
                return new Response { Error = new Error { Code = "internal", Message = "no such command" } };
        }
    }

    private Response With(string transportId, Action<ScriptedTransport> change)
    {
        if (!Transports.TryGetValue(transportId, out ScriptedTransport? transport))
        {
            return new Response { Error = new Error { Code = "unknown_transport", Message = "no such transport" } };
        }

        change(transport);
        return new Response();
    }

    private Response NegotiateFirst(Negotiate offer)
    {
        Response response = Negotiate(offer);
        if (response.Error is not null)
        {
            Transports.Remove(offer.TransportId);
        }

        return response;
    }

    private Response Negotiate(Negotiate negotiate)
    {
        bool isAnswer = negotiate.AnswerSdp.Length > 0;
        if (isAnswer && !Transports[negotiate.TransportId].IsOffering)
        {
            return new Response { Error = new Error { Code = "not_offered", Message = "no offer" } };
        }

        if (negotiate.MayCounter && Counters)
        {
            With(negotiate.TransportId, transport => (transport.IsOffering, transport.OfferId) = (true, negotiate.OfferId));
            return new Response { Negotiate = new NegotiateResult { OfferId = negotiate.OfferId, OfferSdp = OwnOffer } };
        }

        if (!(isAnswer ? negotiate.AnswerSdp : negotiate.OfferSdp).StartsWith("v=0", StringComparison.Ordinal))
        {
            return new Response { Error = new Error { Code = "invalid_sdp", Message = "the offer is not SDP" } };
        }

        var result = new NegotiateResult { OfferId = negotiate.OfferId, AnswerSdp = "v=0\r\n" };
        Response known = With(negotiate.TransportId, transport =>
        {
            transport.OfferId = negotiate.OfferId;
            transport.IsOffering = false;
            transport.Produces = [.. negotiate.Publish.Values];
            transport.Consumes = [];
            transport.Carries = [.. negotiate.Receive.Select(wanted => wanted.Source)];
            result.MissingAudioSections = Map(negotiate, TrackKind.Audio, "audio", result, transport);
            result.MissingVideoSections = Map(negotiate, TrackKind.Video, "video", result, transport);
            result.Codecs.Add(negotiate.Publish.Values.Select(sid => new PublishedCodec { TrackSid = sid, MimeType = "video/VP8" }));
        });
        return known.Error is null ? new Response { Negotiate = result } : known;
    }

    private static uint Map(Negotiate negotiate, TrackKind kind, string word, NegotiateResult result, ScriptedTransport transport)
    {
        List<string> mids = Offers.Receiving(negotiate.OfferSdp, word);
        string[] wanted = [.. negotiate.Receive.Where(track => track.Kind == kind).Select(track => track.TrackSid)];
        foreach ((string mid, string sid) in mids.Zip(wanted))
        {
            result.MidToTrack[mid] = sid;
            transport.Consumes.Add(sid);
        }

        return (uint)Math.Max(0, wanted.Length - mids.Count);
    }

    /// <summary>One connection: what the grain says before the welcome was taken waits, as it does in the endpoint.</summary>
    private sealed class Stream(ScriptedNode node, string id) : INodeLink
    {
        private readonly Queue<byte[]> _early = new();
        private readonly Queue<byte[]> _outgoing = new();
        private bool _open;
        private bool _writing;

        public string Id => id;

        public Task Send(byte[] frame)
        {
            if (!_open)
            {
                _early.Enqueue(frame);
                return Task.CompletedTask;
            }

            return node.TakeAsync(this, ControlFrame.Parser.ParseFrom(frame));
        }

        public Task Close(string reason)
        {
            if (ReferenceEquals(node._stream, this))
            {
                node._stream = null;
            }

            return Task.CompletedTask;
        }

        public void Open()
        {
            _open = true;
            while (_early.TryDequeue(out byte[]? frame))
            {
                _ = node.TakeAsync(this, ControlFrame.Parser.ParseFrom(frame));
            }
        }

        public async Task PostAsync(byte[] frame)
        {
            _outgoing.Enqueue(frame);
            if (_writing)
            {
                return;
            }

            _writing = true;
            while (_outgoing.TryDequeue(out byte[]? next) && ReferenceEquals(node._stream, this))
            {
                if (!await node.Grain.Receive(id, next))
                {
                    await Close("refused");
                }
            }

            _writing = false;
        }
    }
}

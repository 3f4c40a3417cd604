using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Sending;
using RtcPlatform.LoadGenerator.Signaling;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>Who is in the run: publishers and subscribers of all rooms, joining and leaving.</summary>
internal sealed class LoadCast(LoadPlan plan, ISessionMaker maker)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(uint Room, ushort Publisher), LoadClient> _publishers = [];
    private readonly List<LoadClient> _subscribers = [];
    private long _named;

    /// <summary>Failed joins of those who were to stay.</summary>
    public JoinQueue Joins { get; } = new(plan.Concurrency);

    /// <summary>A copy; any thread.</summary>
    public LoadClient[] Publishers
    {
        get
        {
            lock (_lock)
            {
                return [.. _publishers.Values];
            }
        }
    }

    /// <summary>A copy; any thread. Without those who pass.</summary>
    public LoadClient[] Subscribers
    {
        get
        {
            lock (_lock)
            {
                return [.. _subscribers];
            }
        }
    }

    /// <exception cref="SignalingException">One of them could not join: what is to be watched would be missing.</exception>
    public async Task JoinPublishers(CancellationToken cancellation)
    {
        await Joins.Run(
            from room in Enumerable.Range(0, plan.Rooms)
            from publisher in Enumerable.Range(0, plan.Publishers)
            select (Func<Task>)(() => Publish((uint)room, (ushort)publisher, cancellation)),
            plan.Ramp,
            cancellation);
        if (Joins.FirstFailure is { } failure)
        {
            throw new SignalingException($"{Joins.Failed} publishers could not join; the first: {failure}");
        }
    }

    /// <summary>Everybody whom the plan names.</summary>
    /// <exception cref="SignalingException">Nobody could join.</exception>
    public async Task JoinSubscribers(CancellationToken cancellation)
    {
        int rooms = plan.Rooms;
        IEnumerable<(uint, ushort)> watched = plan.Everybody
            ? from room in Enumerable.Range(0, rooms)
              from watcher in Enumerable.Range(0, plan.Publishers)
              from publisher in Enumerable.Range(0, plan.Publishers)
              where watcher != publisher
              select ((uint)room, (ushort)publisher)
            : Enumerable.Range(0, rooms * plan.Subscribers).Select(Place);
        await Join(watched, cancellation);
    }

    /// <summary>Joins or leaves until there are so many subscribers; they are spread over rooms and publishers.</summary>
    public async Task Resize(int subscribers, CancellationToken cancellation)
    {
        LoadClient[] present = Subscribers;
        if (subscribers > present.Length)
        {
            await Join(Enumerable.Range(present.Length, subscribers - present.Length).Select(Place), cancellation);
            return;
        }

        await LeaveAll(present[subscribers..], cancellation);
    }

    /// <summary>One more subscriber, who is nobody's in the lists.</summary>
    public async Task<LoadClient> JoinPassing(int index, CancellationToken cancellation)
    {
        (uint room, ushort publisher) = Place(index);
        return await Watch(room, publisher, isPassing: true, cancellation);
    }

    public async Task Leave(LoadClient client, CancellationToken cancellation)
    {
        lock (_lock)
        {
            _subscribers.Remove(client);
        }

        foreach (var session in client.Sessions)
        {
            await maker.Leave(session, cancellation);
        }
    }

    public Task LeaveAll(IEnumerable<LoadClient> clients, CancellationToken cancellation) =>
        Joins.Run(clients.Select(c => (Func<Task>)(() => Leave(c, cancellation))), 0, cancellation);

    /// <summary>The k-th subscriber watches: rooms in turn, in each of them the publishers in turn.</summary>
    private (uint Room, ushort Publisher) Place(int index) =>
        ((uint)(index % plan.Rooms), (ushort)(index / plan.Rooms % plan.Publishers));

    private async Task Join(IEnumerable<(uint Room, ushort Publisher)> watched, CancellationToken cancellation)
    {
        await Joins.Run(
            watched.Select(w => (Func<Task>)(async () =>
            {
                LoadClient client = await Watch(w.Room, w.Publisher, isPassing: false, cancellation);
                lock (_lock)
                {
                    _subscribers.Add(client);
                }
            })),
            plan.Ramp,
            cancellation);
        if (Subscribers.Length == 0 && Joins.FirstFailure is { } failure)
        {
            throw new SignalingException($"no subscriber could join; the first: {failure}");
        }
    }

    private async Task Publish(uint room, ushort publisher, CancellationToken cancellation)
    {
        var streams = new List<PublishedStream>();
        if (plan.Media.Audio)
        {
            streams.Add(new PublishedStream(room, publisher, MediaKind.Audio));
        }

        if (plan.Media.Video)
        {
            streams.Add(new PublishedStream(room, publisher, MediaKind.Video));
        }

        var client = new LoadClient(await maker.Publish(streams, cancellation), streams);
        lock (_lock)
        {
            _publishers.Add((room, publisher), client);
        }
    }

    private async Task<LoadClient> Watch(uint room, ushort publisher, bool isPassing, CancellationToken cancellation)
    {
        IReadOnlyList<PublishedStream> streams;
        lock (_lock)
        {
            streams = _publishers[(room, publisher)].Streams;
        }

        string identity = Names.Subscriber(Interlocked.Increment(ref _named));
        return new LoadClient(await maker.Watch(streams, identity, isPassing, cancellation), streams);
    }
}

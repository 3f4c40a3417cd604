using System.Threading.Channels;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Signaling.Connections;
using RtcPlatform.Signaling.Contract;
using RtcPlatform.Signaling.Protocol;

namespace RtcPlatform.Signaling.Tests;

public sealed class EventOutboxTests
{
    private readonly RecordingClient _client = new();
    private readonly List<string> _closed = [];
    private readonly CancellationTokenSource _connectionEnded = new();

    [Fact]
    public async Task Events_arrive_in_the_order_in_which_they_were_delivered()
    {
        EventOutbox outbox = Create(capacity: 1000);
        Task running = outbox.Run(_connectionEnded.Token);
        outbox.Open();
        for (ulong version = 1; version <= 500; version++)
        {
            await outbox.Deliver(Change(version));
        }

        for (int version = 1; version <= 500; version++)
        {
            Assert.Equal($"room {version}", await _client.Next());
        }

        await End(running);
        Assert.Empty(_closed);
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_answer_to_the_join_is_written()
    {
        EventOutbox outbox = Create(capacity: 10);
        Task running = outbox.Run(_connectionEnded.Token);
        ResponseOrder order = new();
        object answer = new();
        order.OpenAfter(answer, outbox);
        await outbox.Deliver(Change(1));

        order.Written(new object());
        Assert.True(_client.IsEmpty);
        order.Written(answer);

        Assert.Equal("room 1", await _client.Next());
        await End(running);
    }

    [Fact]
    public async Task A_client_that_does_not_keep_up_is_closed_rather_than_told_half()
    {
        EventOutbox outbox = Create(capacity: 16);
        for (ulong version = 1; version <= 16; version++)
        {
            await outbox.Deliver(Change(version));
        }

        Assert.Empty(_closed);
        await outbox.Deliver(Change(17));

        Assert.Equal(["events overflowed"], _closed);
    }

    [Fact]
    public async Task The_disconnection_is_the_last_message()
    {
        EventOutbox outbox = Create(capacity: 16);
        Task running = outbox.Run(_connectionEnded.Token);
        outbox.Open();
        await outbox.Deliver(new DisconnectedEvent(Grains.Contracts.DisconnectReason.DuplicateIdentity));
        await outbox.Deliver(Change(1));

        Assert.Equal("disconnected DuplicateIdentity", await _client.Next());
        await End(running);
        Assert.True(_client.IsEmpty);
    }

    private EventOutbox Create(int capacity) => new(_client, capacity, TimeProvider.System, _closed.Add);

    private async Task End(Task running)
    {
        await _connectionEnded.CancelAsync();
        await running;
    }

    private static RoomChangedEvent Change(ulong version) => new(new RoomDelta(version, [], [], []));

    private sealed class RecordingClient : IRoomClient
    {
        private readonly Channel<string> _told = Channel.CreateUnbounded<string>();

        public bool IsEmpty => _told.Reader.Count == 0;

        public async Task<string> Next() => await _told.Reader.ReadAsync(new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);

        public Task RoomChanged(RoomChange change) => Tell($"room {change.Version}");

        public Task NegotiationNeeded(NegotiationRequest request) => Tell("negotiate");

        public Task TransportLost(TransportLoss loss) => Tell("lost");

        public Task Disconnected(Disconnection disconnection) => Tell($"disconnected {disconnection.Reason}");

        private async Task Tell(string text)
        {
            await Task.Yield();
            await _told.Writer.WriteAsync(text);
        }
    }
}

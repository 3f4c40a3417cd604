using System.Threading.Channels;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Agent;

namespace RtcPlatform.MediaNode.Tests.Control;

public sealed class ControlLinkTests
{
    private readonly ControlLink _link = new();
    private readonly Channel<ControlFrame> _connection = Channel.CreateUnbounded<ControlFrame>();

    [Fact]
    public void What_is_told_between_hello_and_welcome_reaches_a_new_server()
    {
        _link.Notify(Told("before"));
        _link.BeginHello();
        _link.Notify(Told("between"));
        _link.Open(new NodeWelcome { ServerInstanceId = "s1" }, _connection.Writer);
        _link.Notify(Told("after"));
        Assert.Equal([(1UL, "between"), (2UL, "after")], Written());
    }

    [Fact]
    public void A_resumed_connection_gets_everything_that_was_not_acknowledged()
    {
        _link.BeginHello();
        _link.Open(new NodeWelcome { ServerInstanceId = "s1" }, _connection.Writer);
        _link.Notify(Told("one"));
        _link.Notify(Told("two"));
        Written();
        _link.Accept(new ControlFrame { Ack = 1, LinkAck = new LinkAck() }, out _);
        _link.Close();
        _link.Notify(Told("three"));
        Assert.Equal("s1", _link.BeginHello());
        _link.Notify(Told("four"));
        _link.Open(new NodeWelcome { ServerInstanceId = "s1", Resumed = true }, _connection.Writer);
        Assert.Equal([(2UL, "two"), (3UL, "three"), (4UL, "four")], Written());
    }

    [Fact]
    public void An_answer_to_a_server_that_is_gone_is_not_sent_to_the_next()
    {
        _link.BeginHello();
        _link.Open(new NodeWelcome { ServerInstanceId = "s1" }, _connection.Writer);
        Assert.True(_link.Accept(new ControlFrame { Seq = 1, Request = new Request { Id = "r" } }, out int epoch));
        _link.Close();
        _link.BeginHello();
        _link.Open(new NodeWelcome { ServerInstanceId = "s2" }, _connection.Writer);
        _link.Respond(epoch, new Response { Id = "r" });
        Assert.Empty(Written());
    }

    private static Notification Told(string reason) => new() { TransportChanged = new TransportChanged { Reason = reason } };

    private List<(ulong Seq, string Reason)> Written()
    {
        var written = new List<(ulong, string)>();
        while (_connection.Reader.TryRead(out ControlFrame? frame))
        {
            written.Add((frame.Seq, frame.Notification?.TransportChanged.Reason ?? frame.BodyCase.ToString()));
        }

        return written;
    }
}

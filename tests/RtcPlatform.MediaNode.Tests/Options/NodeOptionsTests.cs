using System.Net;
using RtcPlatform.MediaNode.Options;

namespace RtcPlatform.MediaNode.Tests.Options;

public sealed class NodeOptionsTests
{
    [Fact]
    public void Everything_can_be_said()
    {
        string[] arguments =
        [
            "--server", "wss://control.example/node", "--media-port=9000", "--host", "::", "--announce", "192.0.2.1, 2001:db8::1",
            "--node-id", "n-1", "--region=eu", "--shards", "4",
            "--shard-capacity", "20000",
        ];
        Assert.True(NodeOptionsParser.TryParse(arguments, "s3cret", out NodeOptions? options, out _));
        Assert.Equal((9000, "n-1", "eu", 4), (options.MediaPort, options.NodeId, options.Region, options.Shards));
        Assert.Equal(20_000, options.ShardCapacity);
        Assert.Equal(IPAddress.IPv6Any, options.Host);
        Assert.Equal([IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")], options.Announce.AsEnumerable());
        Assert.DoesNotContain("s3cret", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "--server is missing")]
    [InlineData("--server http://x/", "ws:// or wss://")]
    [InlineData("--server ws://x/ --media-port 70000", "--media-port cannot be '70000'")]
    [InlineData("--server ws://x/ --shards 0", "--shards cannot be '0'")]
    [InlineData("--server ws://x/ --shard-capacity 12", "--shard-capacity cannot be '12'")]
    [InlineData("--server ws://x/ --host nowhere", "--host cannot be 'nowhere'")]
    [InlineData("--server ws://x/ --announce 1.2.3.4,x", "--announce cannot be")]
    [InlineData("--server ws://x/ --node-id a/b", "--node-id cannot be")]
    [InlineData("--server ws://x/ --region", "--region needs a value")]
    [InlineData("--server ws://x/ --media-port 65535 --shards 2", "no room for 2 shards")]
    [InlineData("--sever ws://x/", "unknown option '--sever'")]
    public void What_is_wrong_is_one_line_that_names_it(string arguments, string expected)
    {
        Assert.False(NodeOptionsParser.TryParse(
            arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), "secret", out _, out string? error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public void The_secret_is_demanded()
    {
        Assert.False(NodeOptionsParser.TryParse(["--server", "ws://x/"], null, out _, out string? error));
        Assert.Contains(NodeOptionsParser.SecretVariable, error, StringComparison.Ordinal);
    }
}

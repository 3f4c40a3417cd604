using RtcPlatform.Cli.Up;

namespace RtcPlatform.Cli.Tests.Load;

/// <summary>What <c>rtc load media</c> cannot do it says in one line, before anybody joins.</summary>
public sealed class BadOptionTests
{
    private const string Nobody = "http://127.0.0.1:9/{room}";

    [Theory]
    [InlineData("another server is named by both --whip and --whep", "--whip", Nobody)]
    [InlineData("another server is named by both --whip and --whep", "--whep", Nobody)]
    [InlineData("'ws://host/{room}' is no http or https URL", "--whip", "ws://host/{room}", "--whep", Nobody)]
    [InlineData("'{name}' in 'http://h/{name}' is none of {room}, {identity}, {session}, {token}", "--whip", Nobody, "--whep", "http://h/{name}")]
    [InlineData("'abc' is not a bit rate such as 800k or 1.5M", "--video-bitrate", "abc")]
    [InlineData("'nonsense' is no address such as 127.0.0.1:7990", "--floor", "nonsense")]
    [InlineData("'127.0.0.1' is no address such as 127.0.0.1:7990", "--floor", "127.0.0.1")]
    [InlineData("--media takes audio and video, not 'smell'", "--media", "audio,smell")]
    [InlineData("'x' is not NAME=PID", "--process", "x", "--floor", "127.0.0.1:9")]
    [InlineData("'sfu=x' is not NAME=PID", "--process", "sfu=x")]
    [InlineData("there is no process 2147483647 (sfu)", "--process", "sfu=2147483647", "--floor", "127.0.0.1:9")]
    [InlineData("--subscribers takes whole numbers, not 'some'", "--subscribers", "some")]
    [InlineData("--cpus takes whole numbers, not 'x'", "--cpus", "1,x")]
    [InlineData("'soon' is not a duration such as 90s, 30m, 6h or 1d", "--duration", "soon")]
    [InlineData("'ROT13' are not names of SRTP profiles, separated by commas, each once", "--srtp-profiles", "ROT13")]
    [InlineData("--rooms must be 1 to 10000", "--rooms", "0", "--floor", "127.0.0.1:9")]
    [InlineData("--subscribers all needs at least 2 --publishers", "--subscribers", "all", "--floor", "127.0.0.1:9")]
    public async Task A_bad_option_is_one_line(string complaint, params string[] arguments)
    {
        (int exitCode, string output, string errors) = await RtcProcess.Run(["load", "media", .. arguments]);

        Assert.Equal((UpException.StartFailed, "", $"rtc load media: {complaint}"), (exitCode, output, errors));
    }

    [Fact]
    public async Task Without_a_platform_one_line_says_how_to_start_it()
    {
        using var data = new TemporaryFolder();

        (int exitCode, string output, string errors) = await RtcProcess.Run("load", "media", "--data", data.Path);

        Assert.Equal((UpException.StartFailed, ""), (exitCode, output));
        Assert.Single(errors.Split('\n'));
        Assert.Contains("./run", errors, StringComparison.Ordinal);
    }

    /// <summary>The run itself would complain of something else: nobody listens at that address.</summary>
    [Fact]
    public async Task A_report_that_could_not_be_written_is_refused_before_the_run()
    {
        using var data = new TemporaryFolder();
        string path = Path.Combine(data.Path, "missing", "report.json");

        (int exitCode, string output, string errors) =
            await RtcProcess.Run("load", "media", "--whip", Nobody, "--whep", Nobody, "--json", path);

        Assert.Equal((UpException.StartFailed, ""), (exitCode, output));
        Assert.Equal($"rtc load media: --json: Could not find a part of the path '{path}'.", errors);
    }

    [Fact]
    public async Task A_run_that_fails_leaves_no_report_and_an_older_one_as_it_was()
    {
        using var data = new TemporaryFolder();
        string fresh = Path.Combine(data.Path, "fresh.json");
        string older = Path.Combine(data.Path, "older.json");
        await File.WriteAllTextAsync(older, "older");
        foreach (string path in (string[])[fresh, older])
        {
            (int exitCode, string output, string errors) =
                await RtcProcess.Run("load", "media", "--whip", Nobody, "--whep", Nobody, "--json", path);
            Assert.Equal((UpException.StartFailed, ""), (exitCode, output));
            Assert.StartsWith("rtc load media: 1 publishers could not join; the first: POST http://127.0.0.1:9/load-0: ", errors, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(fresh));
        Assert.Equal("older", await File.ReadAllTextAsync(older));
    }
}

using RtcPlatform.LoadGenerator.Plans;

namespace RtcPlatform.LoadGenerator.Tests.Plans;

public sealed class UrlTemplateTests
{
    private static readonly SessionName Publisher = new("big room/1", "pub?0", "");
    private static readonly SessionName Viewer = new("big room/1", "sub&7", "pub?0");

    [Fact]
    public void Names_are_filled_in_percent_encoded()
    {
        var whip = new UrlTemplate("https://host:1/whip/{room}?who={identity}&me={session}&t={token}");

        Assert.Equal("https://host:1/whip/big%20room%2F1?who=pub%3F0&me=pub%3F0&t=a%2Bb", whip.Expand(Publisher, "a+b").AbsoluteUri);
        Assert.Equal("https://host:1/whip/big%20room%2F1?who=pub%3F0&me=sub%267&t=", whip.Expand(Viewer, null).AbsoluteUri);
    }

    [Fact]
    public void An_unknown_place_is_named()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new UrlTemplate("http://host/{room}/{name}"));

        Assert.Equal("'{name}' in 'http://host/{room}/{name}' is none of {room}, {identity}, {session}, {token}", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("host/whip/{room}")]
    [InlineData("ws://host/{room}")]
    [InlineData("/whip/{room}")]
    public void What_is_no_http_URL_is_refused(string text)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new UrlTemplate(text));

        Assert.Equal($"'{text}' is no http or https URL", error.Message);
    }
}

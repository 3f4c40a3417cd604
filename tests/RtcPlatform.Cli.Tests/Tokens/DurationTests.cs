using RtcPlatform.Cli.Tokens;
using RtcPlatform.Cli.Up;

namespace RtcPlatform.Cli.Tests.Tokens;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1_800)]
    [InlineData("6h", 21_600)]
    [InlineData("1d", 86_400)]
    [InlineData("0s", 0)]
    public void Number_and_unit_are_a_duration(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("6")]
    [InlineData("h")]
    [InlineData("-1h")]
    [InlineData("1.5h")]
    [InlineData("6 h")]
    [InlineData("6w")]
    [InlineData("99999999999s")]
    public void Anything_else_is_told_with_examples(string text)
    {
        var error = Assert.Throws<UpException>(() => Duration.Parse(text));
        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("90s, 30m, 6h", error.Message, StringComparison.Ordinal);
    }
}

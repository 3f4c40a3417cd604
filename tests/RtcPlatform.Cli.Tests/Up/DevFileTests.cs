using RtcPlatform.Cli.Up;

namespace RtcPlatform.Cli.Tests.Up;

public sealed class DevFileTests
{
    [Fact]
    public void Credentials_survive_a_restart_and_the_address_follows_it()
    {
        using var data = new TemporaryFolder();
        DevFile first = DevFile.CreateOrRead(data.Path, "http://127.0.0.1:7880");

        DevFile second = DevFile.CreateOrRead(data.Path, "http://127.0.0.1:9000");

        Assert.Equal(first with { Url = "http://127.0.0.1:9000" }, second);
        Assert.Equal(second, DevFile.TryRead(data.Path));
        Assert.StartsWith("API", first.ApiKey, StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(first.DataKey).Length);
    }

    [Fact]
    public void Two_folders_share_no_secret()
    {
        using var left = new TemporaryFolder();
        using var right = new TemporaryFolder();
        DevFile a = DevFile.CreateOrRead(left.Path, "http://127.0.0.1:1");
        DevFile b = DevFile.CreateOrRead(right.Path, "http://127.0.0.1:1");
        string[] secrets = [a.ApiSecret, a.NodeSecret, a.DataKey, a.DatabasePassword, b.ApiSecret, b.NodeSecret, b.DataKey, b.DatabasePassword];

        Assert.Equal(secrets.Length, secrets.Distinct(StringComparer.Ordinal).Count());
        Assert.NotEqual(a.ApiKey, b.ApiKey);
    }

    [Fact]
    public void Only_the_owner_may_read_it_also_when_written_again()
    {
        using var data = new TemporaryFolder();
        DevFile.CreateOrRead(data.Path, "http://127.0.0.1:1");
        DevFile.CreateOrRead(data.Path, "http://127.0.0.1:2");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(DevFile.PathIn(data.Path)));
        Assert.Equal([DevFile.PathIn(data.Path)], Directory.GetFiles(data.Path));
    }

    [Fact]
    public void Absent_file_is_nothing_and_a_broken_one_is_told_by_name()
    {
        using var data = new TemporaryFolder();
        Assert.Null(DevFile.TryRead(data.Path));

        File.WriteAllText(DevFile.PathIn(data.Path), "{ \"url\": ");

        var error = Assert.Throws<UpException>(() => DevFile.TryRead(data.Path));
        Assert.Contains(DevFile.PathIn(data.Path), error.Message, StringComparison.Ordinal);
    }
}

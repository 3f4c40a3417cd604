using System.Globalization;
using RtcPlatform.Cli.Up;

namespace RtcPlatform.Cli.Tests.Up;

public sealed class PrivatePostgresTests
{
    private const string Password = "f00dcafe";

    [Fact]
    public void Data_survives_a_kept_server_a_stop_and_a_restart()
    {
        Assert.SkipWhen(PrivatePostgres.FindBinaries() is null, "PostgreSQL is not installed (Debian: postgresql)");
        using var data = new TemporaryFolder();
        PrivatePostgres postgres = PrivatePostgres.Start(data.Path, Password);
        try
        {
            Assert.Equal("", Ask(postgres, "create table kept (value int); insert into kept values (42)"));

            // As after a killed `rtc up`: the former server still runs on the data.
            postgres = PrivatePostgres.Start(data.Path, Password);
            Assert.Equal("42", Ask(postgres, "select value from kept"));

            postgres.Stop();
            postgres = PrivatePostgres.Start(data.Path, Password);
            Assert.Equal("42", Ask(postgres, "select value from kept"));
            Assert.Contains("password authentication failed", Ask(postgres, "select 1", "wrong"), StringComparison.Ordinal);
        }
        finally
        {
            postgres.Stop();
            Directory.Delete(postgres.Folder, recursive: true);
        }
    }

    private static string Ask(PrivatePostgres postgres, string sql, string password = Password)
    {
        string url = string.Create(CultureInfo.InvariantCulture, $"postgresql://rtc@127.0.0.1:{postgres.Port}/rtcplatform");
        return Programs.Run(
            Path.Combine(PrivatePostgres.FindBinaries()!, "psql"), ["-tAq", url, "-c", sql], TimeSpan.FromSeconds(30), ("PGPASSWORD", password)).Output;
    }
}

using System.CommandLine;
using RtcPlatform.Cli.Up;
using RtcPlatform.Domain.Tokens;

namespace RtcPlatform.Cli.Tokens;

/// <summary><c>rtc token</c>: a join token signed with the development key.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var room = new Option<string>("--room") { Description = "The room to join.", Required = true };
        var identity = new Option<string>("--identity") { Description = "Who joins; unique in the room.", Required = true };
        var name = new Option<string>("--name") { Description = "Display name.", DefaultValueFactory = static _ => "" };
        var publish = new Option<bool>("--publish") { Description = "May publish.", DefaultValueFactory = static _ => true };
        var ttl = new Option<string>("--ttl")
        {
            Description = "How long the token is good for, such as 90s, 30m, 6h.",
            DefaultValueFactory = static _ => "6h",
        };
        Option<string> data = DataFolder.Option();
        var command = new Command("token", "Print a join token signed with the development key.") { room, identity, name, publish, ttl, data };
        command.SetAction(result => Failures.Report("rtc token", () =>
        {
            DevFile dev = DataFolder.ReadCredentials(result.GetValue(data)!);
            TimeSpan lifetime = Duration.Parse(result.GetValue(ttl)!);
            Console.Out.WriteLine(TokenBuilder.SignJoin(
                dev.ApiKey,
                dev.ApiSecret,
                result.GetValue(room)!,
                result.GetValue(identity)!,
                TimeProvider.System.GetUtcNow(),
                lifetime,
                result.GetValue(name)!,
                result.GetValue(publish)));
        }));
        return command;
    }
}

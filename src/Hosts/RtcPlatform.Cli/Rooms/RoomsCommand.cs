using System.CommandLine;
using RtcPlatform.Cli.Up;
using RtcPlatform.Domain.Tokens;
using Spectre.Console;

namespace RtcPlatform.Cli.Rooms;

/// <summary><c>rtc rooms</c>: the rooms of the development project, as the API lists them.</summary>
internal static class RoomsCommand
{
    public static Command Create()
    {
        Option<string> data = DataFolder.Option();
        var json = new Option<bool>("--json") { Description = "Print the API's answer as it is." };
        var command = new Command("rooms", "List the rooms of the development project.") { data, json };
        command.SetAction((result, cancellation) => Failures.ReportAsync("rtc rooms", async () =>
        {
            DevFile dev = DataFolder.ReadCredentials(result.GetValue(data)!);
            using var http = new HttpClient { BaseAddress = new Uri(dev.Url), Timeout = TimeSpan.FromSeconds(10) };
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            string token = TokenBuilder.Sign(
                new TokenClaims(dev.ApiKey, "", now.AddMinutes(1), now, "", "", new VideoGrant { RoomList = true }), dev.ApiSecret);
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            string body = await http.GetStringAsync("/api/v1/rooms", cancellation);
            if (result.GetValue(json))
            {
                Console.Out.WriteLine(body);
            }
            else
            {
                Print(System.Text.Json.JsonSerializer.Deserialize<RoomList>(body, System.Text.Json.JsonSerializerOptions.Web)!);
            }
        }));
        return command;
    }

    private static void Print(RoomList list)
    {
        if (list.Rooms.Count == 0)
        {
            Console.Out.WriteLine("no rooms");
            return;
        }

        Table table = new Table().AddColumns("room", "sid", "participants", "created");
        foreach (RoomLine room in list.Rooms)
        {
            table.AddRow(
                Markup.Escape(room.Name),
                room.Sid,
                room.ParticipantCount.ToString(System.Globalization.CultureInfo.InvariantCulture),
                room.CreatedAt.ToString("u", System.Globalization.CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);
    }

    private sealed record RoomList(IReadOnlyList<RoomLine> Rooms);

    private sealed record RoomLine(string Name, string Sid, int ParticipantCount, DateTimeOffset CreatedAt);
}

using System.Globalization;
using RtcPlatform.LoadGenerator.Plans;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>What rooms and participants of a run are called.</summary>
internal static class Names
{
    public static string Room(LoadPlan plan, uint room) => string.Create(CultureInfo.InvariantCulture, $"{plan.RoomPrefix}-{room}");

    public static string Publisher(int publisher) => string.Create(CultureInfo.InvariantCulture, $"pub-{publisher}");

    /// <param name="number">Rises through the whole run, so that nobody takes over a place that the server has not freed yet.</param>
    public static string Subscriber(long number) => string.Create(CultureInfo.InvariantCulture, $"sub-{number}");
}

namespace RtcPlatform.Grains.Contracts;

/// <summary>
/// How grain keys are made: <c>project/room</c> and <c>project/room/identity</c>, each part escaped, so that no name can
/// reach into another project's or room's key.
/// </summary>
public static class GrainKeys
{
    /// <summary>The key of the node directory while there is one region.</summary>
    public const string DefaultRegion = "local";

    public static string Room(string projectId, string roomName) => $"{Escape(projectId)}/{Escape(roomName)}";

    public static string Participant(string projectId, string roomName, string identity) =>
        $"{Escape(projectId)}/{Escape(roomName)}/{Escape(identity)}";

    public static string Participant(string roomKey, string identity) => $"{roomKey}/{Escape(identity)}";

    public static (string ProjectId, string RoomName) ParseRoom(string key)
    {
        string[] parts = key.Split('/');
        return parts.Length == 2
            ? (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1]))
            : throw new FormatException($"'{key}' is not a room key");
    }

    public static (string ProjectId, string RoomName, string Identity) ParseParticipant(string key)
    {
        string[] parts = key.Split('/');
        return parts.Length == 3
            ? (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1]), Uri.UnescapeDataString(parts[2]))
            : throw new FormatException($"'{key}' is not a participant key");
    }

    /// <summary>The key of the room that a participant's key names.</summary>
    public static string RoomOf(string participantKey) => participantKey[..participantKey.LastIndexOf('/')];

    private static string Escape(string part) => Uri.EscapeDataString(part);
}

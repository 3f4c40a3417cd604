namespace RtcPlatform.Api.Rooms;

/// <summary>The open rooms of one project, by name.</summary>
public sealed record RoomList(IReadOnlyList<RoomListItem> Rooms);

/// <param name="Sid"><c>RM_…</c>; another one each time a room of that name opens.</param>
public sealed record RoomListItem(string Sid, string Name, DateTimeOffset CreatedAt, int ParticipantCount);

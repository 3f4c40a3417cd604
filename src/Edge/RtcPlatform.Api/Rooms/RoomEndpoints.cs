using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using RtcPlatform.Api.Authorization;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Identity.Tokens;

namespace RtcPlatform.Api.Rooms;

internal static class RoomEndpoints
{
    public static void MapRooms(this RouteGroupBuilder api) => api.MapGet("/rooms", List)
        .WithName("ListRooms")
        .WithSummary("The open rooms of the token's project.")
        .WithDescription("Needs a token with video.roomList.")
        .Produces<RoomList>()
        .ProducesProblem(401)
        .ProducesProblem(403)
        .ProducesProblem(503);

    private static async Task<IResult> List(HttpContext http, TokenAuthority tokens, IGrainFactory grains)
    {
        (Bearer? bearer, IResult? refusal) = await tokens.Authorize(http, video => video.RoomList);
        if (bearer is null)
        {
            return refusal!;
        }

        RoomSummary[] rooms = await grains.GetGrain<IProjectRoomsGrain>(bearer.ProjectId).List();
        return TypedResults.Ok(new RoomList(
            [.. rooms.Select(room => new RoomListItem(room.Sid, room.Name, room.CreatedAt, room.ParticipantCount))]));
    }
}

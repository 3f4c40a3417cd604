using System.Globalization;
using Microsoft.AspNetCore.Http;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Api.HttpSessions;

/// <summary>Refusals as RFC 9457 problem details.</summary>
internal static class SessionProblems
{
    /// <summary>Seconds after which a publisher that is not there may be asked for again.</summary>
    private const int NotLiveRetrySeconds = 2;

    private const int NoNodeRetrySeconds = 1;

    public static IResult Of(int status, string code, string detail) => TypedResults.Problem(
        detail, statusCode: status, extensions: [new KeyValuePair<string, object?>("code", code)]);

    public static IResult Of(int status, string code, string detail, HttpResponse response, int retrySeconds)
    {
        response.Headers.RetryAfter = retrySeconds.ToString(CultureInfo.InvariantCulture);
        return Of(status, code, detail);
    }

    public static IResult WrongType(HttpResponse response, string mediaType)
    {
        response.Headers["Accept-Post"] = SessionText.Sdp;
        return Of(415, "unsupported_media_type", $"Send {mediaType}.");
    }

    /// <summary>What the grains refuse.</summary>
    public static IResult Of(SignalError error, HttpResponse response) => error.Code switch
    {
        SignalErrorCode.InvalidSdp => Of(422, "invalid_sdp", error.Message),
        SignalErrorCode.InvalidRequest => Of(422, "invalid_request", error.Message),
        SignalErrorCode.PermissionDenied => Of(403, "not_granted", error.Message),
        SignalErrorCode.NotJoined => Of(404, "no_such_session", error.Message),
        SignalErrorCode.AlreadyJoined => Of(409, "no_counter_offer", error.Message),
        SignalErrorCode.StaleOffer => Of(412, "stale_ice_session", error.Message),
        SignalErrorCode.TrackNotFound => Of(409, "not_live", error.Message, response, NotLiveRetrySeconds),
        SignalErrorCode.RoomFull => Of(409, "room_full", error.Message, response, NotLiveRetrySeconds),
        SignalErrorCode.LimitExceeded => Of(422, "limit_exceeded", error.Message),
        SignalErrorCode.TooLarge => Of(413, "too_large", error.Message),
        SignalErrorCode.NoMediaNode or SignalErrorCode.MediaNodeLost =>
            Of(503, "no_media_node", error.Message, response, NoNodeRetrySeconds),
        _ => Of(500, "internal", error.Message),
    };
}

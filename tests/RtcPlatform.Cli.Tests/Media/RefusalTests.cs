using RtcPlatform.MediaClient.Signal;
using RtcPlatform.Signaling.Contract;

namespace RtcPlatform.Cli.Tests.Media;

public sealed class RefusalTests
{
    [Fact]
    public void Refusal_inside_a_hub_error_keeps_its_code_and_its_sentence()
    {
        SignalException refused = SignalException.FromHub(
            "An unexpected error occurred invoking 'Join' on the server. HubException: {\"code\":\"token_expired\",\"message\":\"The token has expired.\"}");
        Assert.Equal((SignalErrorCode.TokenExpired, "The token has expired."), (refused.Code, refused.Message));

        SignalException other = SignalException.FromHub("HubException: {not json");
        Assert.Equal((SignalErrorCode.Internal, "{not json"), (other.Code, other.Message));
    }
}

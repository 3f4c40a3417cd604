using Microsoft.AspNetCore.SignalR;
using RtcPlatform.Signaling.Contract;

namespace RtcPlatform.Signaling.Protocol;

/// <summary>A refused call, in the one form that SignalR carries to the client.</summary>
internal static class Refusal
{
    public static HubException Of(SignalErrorCode code, string message) => new(SignalJson.Write(new SignalFailure(code, message)));

    public static HubException Of(Grains.Contracts.SignalError error) =>
        Of((SignalErrorCode)(int)error.Code, error.Message);
}

using System.Text.Json;
using RtcPlatform.Signaling.Contract;

namespace RtcPlatform.MediaClient.Signal;

/// <summary>A call that the server refused, or that could not be made.</summary>
/// <param name="code">Null when the connection failed rather than the call.</param>
public sealed class SignalException(SignalErrorCode? code, string message) : Exception(message)
{
    private const string Marker = "HubException: ";

    public SignalErrorCode? Code { get; } = code;

    /// <summary>Reads the <see cref="SignalFailure"/> at the end of a hub error; other texts become <c>internal</c>.</summary>
    internal static SignalException FromHub(string error)
    {
        int at = error.IndexOf(Marker, StringComparison.Ordinal);
        string text = at < 0 ? error : error[(at + Marker.Length)..];
        if (text.StartsWith('{'))
        {
            try
            {
                if (JsonSerializer.Deserialize<SignalFailure>(text, SignalJson.Options) is { Message: not null } failure)
                {
                    return new SignalException(failure.Code, failure.Message);
                }
            }
            catch (JsonException)
            {
                // A text of somebody else's that begins like ours: told as it is.
                return new SignalException(SignalErrorCode.Internal, text);
            }
        }

        return new SignalException(SignalErrorCode.Internal, text);
    }
}

using Microsoft.Extensions.Logging;

namespace RtcPlatform.Identity;

internal static partial class IdentityLog
{
    [LoggerMessage(2001, LogLevel.Warning, "API key {KeyId} could not be looked up, known before: {Known}: {Problem}")]
    public static partial void KeySourceFailed(this ILogger logger, string keyId, bool known, string problem);
}

using Microsoft.Extensions.Logging;

namespace RtcPlatform.MediaNode.Telemetry;

/// <summary>Life of transports and tracks. Event ids 1200 to 1299.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(1200, LogLevel.Information, "[{Transport}] opened in room {Room}")]
    public static partial void Opened(ILogger logger, string transport, string room);

    [LoggerMessage(1201, LogLevel.Information, "[{Transport}] is {State}: {Reason}")]
    public static partial void Changed(ILogger logger, string transport, string state, string reason);

    [LoggerMessage(1202, LogLevel.Information, "[{Transport}] offer {OfferId} answered: {Producers} published, {Consumers} received")]
    public static partial void Negotiated(ILogger logger, string transport, ulong offerId, int producers, int consumers);

    [LoggerMessage(1203, LogLevel.Information, "[{Transport}] track {Track} started in {MimeType}")]
    public static partial void ProducerStarted(ILogger logger, string transport, string track, string mimeType);

    [LoggerMessage(1204, LogLevel.Error, "[{Transport}] is ended by a defect of the media node")]
    public static partial void Broken(ILogger logger, string transport, Exception failure);

    [LoggerMessage(1205, LogLevel.Warning, "[{Transport}] offer {OfferId} is answered without {Sections} wanted tracks: the shard has no room for them")]
    public static partial void Withheld(ILogger logger, string transport, ulong offerId, int sections);

    [LoggerMessage(1206, LogLevel.Information, "[{Transport}] offer {OfferId} cannot carry what is published: countered with an offer of ours")]
    public static partial void Offered(ILogger logger, string transport, ulong offerId);
}

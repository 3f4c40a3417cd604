using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace RtcPlatform.EmbeddedOrleans.Runtime;

/// <summary>Everything the runtime logs: errors that no caller hears of.</summary>
internal sealed partial class SiloLog(ILogger logger)
{
    [LoggerMessage(1, LogLevel.Warning, "One-way call failed: {Call}")]
    private static partial void OneWayCallFailed(ILogger logger, string call, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Activation failed: {Grain}")]
    private static partial void ActivationFailed(ILogger logger, GrainId grain, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "Deactivation failed: {Grain}")]
    private static partial void DeactivationFailed(ILogger logger, GrainId grain, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "Timer callback failed: {Grain}")]
    private static partial void TimerFailed(ILogger logger, GrainId grain, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Reminder {Reminder} of {Grain} failed; it is tried again at its next tick")]
    private static partial void ReminderFailed(ILogger logger, string reminder, GrainId grain, Exception exception);

    [LoggerMessage(6, LogLevel.Debug, "Call dropped, its observer is gone: {Call}")]
    private static partial void ObserverGone(ILogger logger, string call);

    [LoggerMessage(7, LogLevel.Warning, "Left behind at shutdown, its calls did not end: {Grain}")]
    private static partial void LeftBehind(ILogger logger, GrainId grain);

    /// <summary>A grain had not ended when the process had to.</summary>
    public void LeftBehind(GrainId grain) => LeftBehind(logger, grain);

    /// <summary>A one-way call threw.</summary>
    public void OneWayCallFailed(string call, Exception exception) => OneWayCallFailed(logger, call, exception);

    /// <summary>A grain could not start; its callers have the exception.</summary>
    public void ActivationFailed(GrainId grain, Exception exception) => ActivationFailed(logger, grain, exception);

    /// <summary>A grain's farewell threw.</summary>
    public void DeactivationFailed(GrainId grain, Exception exception) => DeactivationFailed(logger, grain, exception);

    /// <summary>A timer's callback threw; the timer goes on.</summary>
    public void TimerFailed(GrainId grain, Exception exception) => TimerFailed(logger, grain, exception);

    /// <summary>A grain did not take its reminder.</summary>
    public void ReminderFailed(string reminder, GrainId grain, Exception exception) =>
        ReminderFailed(logger, reminder, grain, exception);

    /// <summary>A call went to an observer that nobody keeps alive.</summary>
    public void ObserverGone(string call) => ObserverGone(logger, call);
}

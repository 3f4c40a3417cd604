using Orleans;
using Orleans.Runtime;
using RtcPlatform.Domain.Participants;

namespace RtcPlatform.Grains.Participant;

/// <summary>How long a participant stays: in memory as long as it is in the room, and for a resume window without an edge.</summary>
/// <param name="windowEnds">Called when a window that was opened was not closed in time, and every second from then until it is.</param>
internal sealed class StayTimers(IGrainBase grain, Func<Task> windowEnds)
{
    private static readonly TimeSpan KeepAlivePeriod = TimeSpan.FromMinutes(1);

    // .NET's timers count in coarse ticks and fire up to some milliseconds before the wall clock says that the window is over.
    private static readonly TimeSpan AgainPeriod = TimeSpan.FromSeconds(1);

    private IGrainTimer? _keepAlive;
    private IGrainTimer? _window;

    public void Begin()
    {
        CloseWindow();
        _keepAlive ??= grain.RegisterGrainTimer(
            static (_, _) => Task.CompletedTask,
            this,
            new GrainTimerCreationOptions { DueTime = KeepAlivePeriod, Period = KeepAlivePeriod, KeepAlive = true });
    }

    public void OpenWindow()
    {
        CloseWindow();
        _window = grain.RegisterGrainTimer(
            static (ends, _) => ends(),
            windowEnds,
            new GrainTimerCreationOptions { DueTime = ParticipantState.ResumeWindow, Period = AgainPeriod, KeepAlive = true });
    }

    public void CloseWindow()
    {
        _window?.Dispose();
        _window = null;
    }

    public void End()
    {
        CloseWindow();
        _keepAlive?.Dispose();
        _keepAlive = null;
    }
}

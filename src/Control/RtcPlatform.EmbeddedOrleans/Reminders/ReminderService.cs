using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Timers;
using RtcPlatform.EmbeddedOrleans.Runtime;

namespace RtcPlatform.EmbeddedOrleans.Reminders;

/// <summary>Calls grains when their reminders are due.</summary>
internal sealed class ReminderService(Silo silo, IReminderTable table, IOptions<ReminderOptions> options)
    : IReminderRegistry, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(GrainId Grain, string Name), Alarm> _alarms = [];

    /// <summary>Takes up the reminders that the table holds.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await table.StartAsync(cancellationToken);
        foreach (var entry in (await table.ReadRows(0, 0)).Reminders)
        {
            Arm(entry);
        }
    }

    /// <summary>Ticks no more; the table keeps what is registered.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return table.StopAsync(cancellationToken);
    }

    public async Task<IGrainReminder> RegisterOrUpdateReminder(
        GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period < options.Value.MinimumReminderPeriod)
        {
            throw new ArgumentException(
                $"Reminder {reminderName} has a period of {period}; the least is {options.Value.MinimumReminderPeriod}", nameof(period));
        }

        var entry = new ReminderEntry
        {
            GrainId = callingGrainId,
            ReminderName = reminderName,
            StartAt = silo.Time.GetUtcNow().UtcDateTime + dueTime,
            Period = period,
        };
        entry.ETag = await table.UpsertRow(entry)
            ?? throw new ReminderException($"Reminder {reminderName} of {callingGrainId} was changed by another");
        Arm(entry);
        return new GrainReminder(reminderName, entry.ETag);
    }

    public async Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        var tag = (reminder as GrainReminder)?.ETag
            ?? throw new ArgumentException("It is not a reminder of this runtime", nameof(reminder));
        if (!await table.RemoveRow(callingGrainId, reminder.ReminderName, tag))
        {
            throw new ReminderException(
                $"Reminder {reminder.ReminderName} of {callingGrainId} is not registered, or was changed since it was read");
        }

        lock (_gate)
        {
            if (_alarms.Remove((callingGrainId, reminder.ReminderName), out var alarm))
            {
                alarm.Dispose();
            }
        }
    }

    public async Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName) =>
        await table.ReadRow(callingGrainId, reminderName) is { } entry ? new GrainReminder(reminderName, entry.ETag!) : null;

    public async Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) =>
        [.. (await table.ReadRows(callingGrainId)).Reminders.Select(e => new GrainReminder(e.ReminderName, e.ETag!))];

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var alarm in _alarms.Values)
            {
                alarm.Dispose();
            }

            _alarms.Clear();
        }
    }

    private void Arm(ReminderEntry entry)
    {
        lock (_gate)
        {
            if (_alarms.Remove((entry.GrainId, entry.ReminderName), out var old))
            {
                old.Dispose();
            }

            _alarms[(entry.GrainId, entry.ReminderName)] = new Alarm(silo, entry);
        }
    }

    /// <summary>What a grain holds to unregister.</summary>
    internal sealed record GrainReminder(string ReminderName, string ETag) : IGrainReminder;

    private sealed class Alarm : IDisposable
    {
        private readonly ITimer _timer;
        private readonly Silo _silo;
        private readonly ReminderEntry _entry;

        public Alarm(Silo silo, ReminderEntry entry)
        {
            _silo = silo;
            _entry = entry;
            var due = entry.StartAt - silo.Time.GetUtcNow().UtcDateTime;
            if (due < TimeSpan.Zero)
            {
                // After a restart the rhythm goes on; ticks that fell into the pause are not made up for.
                var late = -due.Ticks % entry.Period.Ticks;
                due = late == 0 ? TimeSpan.Zero : entry.Period - TimeSpan.FromTicks(late);
            }

            using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
            {
                _timer = silo.Time.CreateTimer(static state => ((Alarm)state!).Fire(), this, due, entry.Period);
            }
        }

        public void Dispose() => _timer.Dispose();

        private void Fire()
        {
            var now = _silo.Time.GetUtcNow().UtcDateTime;
            var grain = _silo.Factory.GetGrain<IRemindable>(_entry.GrainId);
            var call = grain.ReceiveReminder(_entry.ReminderName, new TickStatus(_entry.StartAt, _entry.Period, now));
            _ = call.ContinueWith(
                static (done, state) =>
                {
                    var alarm = (Alarm)state!;
                    alarm._silo.Log.ReminderFailed(
                        alarm._entry.ReminderName, alarm._entry.GrainId, done.Exception!.InnerException!);
                },
                this,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }
}

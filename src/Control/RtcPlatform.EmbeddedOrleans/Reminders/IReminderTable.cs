using Orleans.Runtime;

namespace Orleans
{
    /// <summary>Where reminders are kept: in memory, or where they survive the process.</summary>
    public interface IReminderTable
    {
        /// <summary>Called once before use.</summary>
        Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        /// <summary>All reminders of one grain.</summary>
        Task<ReminderTableData> ReadRows(GrainId grainId);

        /// <summary>All reminders; the range is that of a cluster's hash ring and always the whole ring here.</summary>
        Task<ReminderTableData> ReadRows(uint begin, uint end);

        /// <summary>One reminder.</summary>
        Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName);

        /// <summary>Writes a reminder.</summary>
        /// <returns>Its new etag.</returns>
        Task<string?> UpsertRow(ReminderEntry entry);

        /// <summary>Removes a reminder whose etag is the given one.</summary>
        /// <returns>Whether it was there.</returns>
        Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag);

        /// <summary>Removes everything, for tests.</summary>
        Task TestOnlyClearTable();

        /// <summary>Called once after use.</summary>
        Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }

    /// <summary>Some rows of the table.</summary>
    [GenerateSerializer]
    public sealed class ReminderTableData
    {
        /// <summary>No rows.</summary>
        public ReminderTableData()
            : this([])
        {
        }

        /// <summary>These rows.</summary>
        public ReminderTableData(IEnumerable<ReminderEntry> list) => Reminders = [.. list];

        /// <summary>The rows.</summary>
        [Id(0)]
        public IList<ReminderEntry> Reminders { get; private set; }
    }

    /// <summary>One row of the table.</summary>
    [GenerateSerializer]
    public sealed class ReminderEntry
    {
        /// <summary>Whose reminder.</summary>
        [Id(0)]
        public GrainId GrainId { get; set; }

        /// <summary>Its name.</summary>
        [Id(1)]
        public string ReminderName { get; set; } = null!;

        /// <summary>Its first tick (UTC).</summary>
        [Id(2)]
        public DateTime StartAt { get; set; }

        /// <summary>From tick to tick.</summary>
        [Id(3)]
        public TimeSpan Period { get; set; }

        /// <summary>Changes with every write.</summary>
        [Id(4)]
        public string? ETag { get; set; }
    }
}

namespace Orleans.Timers
{
    /// <summary>What grains' reminder methods talk to.</summary>
    public interface IReminderRegistry
    {
        /// <summary>Registers a reminder, or changes it.</summary>
        Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period);

        /// <summary>Removes a reminder.</summary>
        Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder);

        /// <summary>A reminder by name; null when there is none.</summary>
        Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName);

        /// <summary>All reminders of a grain.</summary>
        Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId);
    }
}

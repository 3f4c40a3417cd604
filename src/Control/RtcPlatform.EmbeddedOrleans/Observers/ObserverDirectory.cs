using System.Collections.Concurrent;
using System.Globalization;
using Orleans;
using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Calls;
using RtcPlatform.EmbeddedOrleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Scheduling;

namespace RtcPlatform.EmbeddedOrleans.Observers;

/// <summary>
/// The objects outside of the grains that references were made for. They are held weakly, as in Orleans: when nobody else keeps
/// an observer alive, calls to it end nowhere.
/// </summary>
internal sealed class ObserverDirectory(Silo silo)
{
    /// <summary>The type part of observers' ids.</summary>
    public static readonly GrainType ObserverType = GrainType.Create("sys.observer");

    private readonly ConcurrentDictionary<GrainId, Entry> _entries = new();
    private long _last;

    /// <summary>Gives the object an address.</summary>
    public GrainId Add(IGrainObserver observer)
    {
        var id = GrainId.Create(ObserverType, Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture));
        _entries[id] = new Entry(silo.CreateLane(id.ToString(), null), new WeakReference<object>(observer));
        return id;
    }

    /// <summary>Takes the address back.</summary>
    public void Remove(GrainId id) => _entries.TryRemove(id, out _);

    /// <summary>Brings a call to the object. When it is gone, nobody answers and the caller's timeout ends the wait.</summary>
    public void Deliver(GrainId id, Call call)
    {
        if (_entries.TryGetValue(id, out var entry) && entry.IsAlive)
        {
            entry.TryReceive(call);
            return;
        }

        Remove(id);
        silo.Log.ObserverGone(call.Description);
    }

    private sealed class Entry(Lane lane, WeakReference<object> observer) : CallTarget
    {
        public override Lane Lane => lane;

        public bool IsAlive => observer.TryGetTarget(out _);

        protected override bool Open => true;

        protected override bool Gone => false;

        protected override bool Reentrant => false;

        protected override Task<Exception?> RunAsync(Call call) =>
            observer.TryGetTarget(out var target) ? call.RunAsync(target) : Task.FromResult<Exception?>(null);
    }
}

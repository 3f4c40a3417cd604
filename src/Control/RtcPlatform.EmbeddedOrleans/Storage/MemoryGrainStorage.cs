using System.Collections.Concurrent;
using System.Globalization;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using RtcPlatform.EmbeddedOrleans.Serialization;

namespace RtcPlatform.EmbeddedOrleans.Storage;

/// <summary>Keeps copies of states in memory: they outlive the activation, not the process.</summary>
internal sealed class MemoryGrainStorage(string name) : IGrainStorage
{
    private readonly ConcurrentDictionary<(GrainId Grain, string State), Row> _rows = new();
    private readonly Lock _gate = new();
    private long _lastTag;

    private sealed record Row(object? Content, string Tag);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_rows.TryGetValue((grainId, stateName), out var row))
        {
            grainState.State = Copiers.Copy((T?)row.Content);
            grainState.ETag = row.Tag;
            grainState.RecordExists = true;
        }
        else
        {
            Reset(grainState);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var content = Copiers.Copy(grainState.State);
        lock (_gate)
        {
            Check(stateName, grainId, grainState.ETag);
            var row = new Row(content, (++_lastTag).ToString(CultureInfo.InvariantCulture));
            _rows[(grainId, stateName)] = row;
            grainState.ETag = row.Tag;
            grainState.RecordExists = true;
        }

        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_gate)
        {
            Check(stateName, grainId, grainState.ETag);
            _rows.TryRemove((grainId, stateName), out _);
        }

        Reset(grainState);
        return Task.CompletedTask;
    }

    private static void Reset<T>(IGrainState<T> grainState)
    {
        grainState.State = PersistentStates.NewContent<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private void Check(string stateName, GrainId grainId, string? tag)
    {
        var stored = _rows.GetValueOrDefault((grainId, stateName))?.Tag;
        if (stored != tag)
        {
            throw new InconsistentStateException(
                $"State {stateName} of {grainId} in storage {name} has version {stored ?? "none"}, not {tag ?? "none"}", stored, tag);
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RtcPlatform.Identity.Keys;

/// <summary>
/// Keys as they were a few seconds ago, so that a join needs no row. A known key goes on counting while its source does not
/// answer; an unknown one does not.
/// </summary>
internal sealed class ApiKeyCache(IApiKeySource source, TimeProvider time, TimeSpan freshness, ILogger logger)
{
    /// <summary>Ids that nobody has are remembered too, and an attacker can invent any number of them.</summary>
    private const int MaximumEntries = 50_000;

    /// <summary>Who has something to fall back upon need not wait long for news of it.</summary>
    private static readonly TimeSpan PatienceForNews = TimeSpan.FromSeconds(2);

    /// <summary>The first look-up after a start, on a busy machine, took more than the above; a wait is better than a refusal.</summary>
    private static readonly TimeSpan PatienceForTheUnknown = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<Entry?>>> _loading = new(StringComparer.Ordinal);

    /// <returns>The key; a null key when there is none; null when that cannot be known now.</returns>
    public async ValueTask<Entry?> Find(string keyId)
    {
        if (_entries.TryGetValue(keyId, out Entry? entry) && time.GetElapsedTime(entry.CheckedAt) < freshness)
        {
            return entry;
        }

        Lazy<Task<Entry?>> load = _loading.GetOrAdd(keyId, id => new Lazy<Task<Entry?>>(() => Load(id)));
        try
        {
            return await load.Value;
        }
        finally
        {
            _loading.TryRemove(new KeyValuePair<string, Lazy<Task<Entry?>>>(keyId, load));
        }
    }

    private async Task<Entry?> Load(string keyId)
    {
        bool known = _entries.TryGetValue(keyId, out Entry? stale) && stale.Key is not null;
        using CancellationTokenSource limit = new(known ? PatienceForNews : PatienceForTheUnknown);
        try
        {
            ApiKeyCredential? key = await source.Find(keyId, limit.Token);
            return Keep(keyId, new Entry(key, time.GetTimestamp()));
        }
        catch (Exception problem) when (problem is ApiKeySourceException or OperationCanceledException)
        {
            logger.KeySourceFailed(keyId, known, problem.Message);
            return known ? Keep(keyId, stale! with { CheckedAt = time.GetTimestamp() }) : null;
        }
    }

    private Entry Keep(string keyId, Entry entry)
    {
        if (_entries.Count >= MaximumEntries)
        {
            foreach (KeyValuePair<string, Entry> unknown in _entries.Where(candidate => candidate.Value.Key is null))
            {
                _entries.TryRemove(unknown);
            }
        }

        _entries[keyId] = entry;
        return entry;
    }

    internal sealed record Entry(ApiKeyCredential? Key, long CheckedAt);
}

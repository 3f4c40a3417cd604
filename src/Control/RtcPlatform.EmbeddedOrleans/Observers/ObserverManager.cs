using System.Collections;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Utilities;

/// <summary>A grain's subscribers, each its own identity. See <see cref="ObserverManager{TIdentity, TObserver}"/>.</summary>
public class ObserverManager<TObserver>(TimeSpan expiration, ILogger log) : ObserverManager<IAddressable, TObserver>(expiration, log);

/// <summary>
/// A grain's subscribers. Each must subscribe again before <see cref="ExpirationDuration"/> is over; those that do not, or that
/// fail when notified, are forgotten. For use within one grain: not safe for several threads.
/// </summary>
public class ObserverManager<TIdentity, TObserver> : IEnumerable<TObserver>
    where TIdentity : notnull
{
    private readonly ILogger _log;
    private Dictionary<TIdentity, (TObserver Observer, DateTime LastSeen)> _observers = [];

    /// <summary>Nobody subscribed yet.</summary>
    /// <param name="expiration">How long a subscription lasts.</param>
    /// <param name="log">Where subscriptions are traced.</param>
    public ObserverManager(TimeSpan expiration, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(log);
        ExpirationDuration = expiration;
        _log = log;
    }

    /// <summary>The clock (UTC). Under simulation, set it to the simulated one.</summary>
    public Func<DateTime> GetDateTime { get; set; } = () => DateTime.UtcNow;

    /// <summary>How long a subscription lasts.</summary>
    public TimeSpan ExpirationDuration { get; set; }

    /// <summary>How many are subscribed, expired ones included until they are cleared.</summary>
    public int Count => _observers.Count;

    /// <summary>Who is subscribed.</summary>
    public IReadOnlyDictionary<TIdentity, TObserver> Observers => _observers.ToDictionary(pair => pair.Key, pair => pair.Value.Observer);

    /// <summary>Forgets everybody.</summary>
    public void Clear() => _observers = [];

    /// <summary>Subscribes, or renews the subscription.</summary>
    public void Subscribe(TIdentity id, TObserver observer)
    {
        Writable()[id] = (observer, GetDateTime());
        if (_log.IsEnabled(LogLevel.Debug))
        {
            _log.LogDebug("Subscribed {Id}; {Count} in all", id, Count);
        }
    }

    /// <summary>Ends a subscription.</summary>
    public void Unsubscribe(TIdentity id) => Writable().Remove(id);

    /// <summary>Notifies one after the other, waiting for each, so that a failing one is seen and forgotten.</summary>
    public async Task Notify(Func<TObserver, Task> notification, Func<TObserver, bool>? predicate = null)
    {
        List<TIdentity> defunct = [];
        foreach (var (id, observer) in Current(defunct))
        {
            if (predicate is not null && !predicate(observer))
            {
                continue;
            }

            try
            {
                await notification(observer);
            }
            catch (Exception exception)
            {
                Failed(id, exception, defunct);
            }
        }

        Forget(defunct);
    }

    /// <summary>Notifies without waiting.</summary>
    public void Notify(Action<TObserver> notification, Func<TObserver, bool>? predicate = null)
    {
        List<TIdentity> defunct = [];
        foreach (var (id, observer) in Current(defunct))
        {
            if (predicate is not null && !predicate(observer))
            {
                continue;
            }

            try
            {
                notification(observer);
            }
            catch (Exception exception)
            {
                Failed(id, exception, defunct);
            }
        }

        Forget(defunct);
    }

    /// <summary>Forgets those who did not subscribe again in time.</summary>
    public void ClearExpired()
    {
        List<TIdentity> defunct = [];
        foreach (var _ in Current(defunct))
        {
            // Walking through is what finds the expired ones.
        }

        Forget(defunct);
    }

    /// <inheritdoc />
    public IEnumerator<TObserver> GetEnumerator() => _observers.Values.Select(entry => entry.Observer).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<(TIdentity Id, TObserver Observer)> Current(List<TIdentity> defunct)
    {
        var now = GetDateTime();
        foreach (var (id, entry) in _observers)
        {
            if (entry.LastSeen + ExpirationDuration < now)
            {
                defunct.Add(id);
            }
            else
            {
                yield return (id, entry.Observer);
            }
        }
    }

    private void Failed(TIdentity id, Exception exception, List<TIdentity> defunct)
    {
        if (_log.IsEnabled(LogLevel.Debug))
        {
            _log.LogDebug(exception, "Observer {Id} failed and is forgotten", id);
        }

        defunct.Add(id);
    }

    private void Forget(List<TIdentity> defunct)
    {
        if (defunct.Count == 0)
        {
            return;
        }

        var observers = Writable();
        defunct.ForEach(id => observers.Remove(id));
    }

    // A notification in progress walks through the old dictionary while subscriptions change the new one.
    private Dictionary<TIdentity, (TObserver Observer, DateTime LastSeen)> Writable() => _observers = new(_observers);
}

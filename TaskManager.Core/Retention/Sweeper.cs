using Microsoft.Extensions.Logging;
using TaskManager.Diagnostics;

namespace TaskManager.Retention;

/// <summary>Once a second: removes what retention no longer keeps, and raises again whatever hint may have been missed. The only thing in the process that polls.</summary>
internal sealed class Sweeper : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ITaskStore _store;
    private readonly Func<ValueTask> _raiseHints;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private int _isSweeping;
    private volatile bool _hasFailed;

    public Sweeper(ITaskStore store, TimeProvider clock, Func<ValueTask> raiseHints, ILogger log)
    {
        _store = store;
        _raiseHints = raiseHints;
        _log = log;
        _timer = clock.CreateTimer(_ => _ = TrySweepAsync(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets a value indicating whether the last sweep failed.</summary>
    public bool HasFailed => _hasFailed;

    public void Start() => _timer.Change(Period, Period);

    public void Dispose() => _timer.Dispose();

    /// <summary>Sweeps once.</summary>
    /// <returns>How many tasks were removed.</returns>
    public async ValueTask<int> SweepOnceAsync()
    {
        int removed = await _store.RemoveExpiredAsync(CancellationToken.None).ConfigureAwait(false);
        await _raiseHints().ConfigureAwait(false);
        return removed;
    }

    private async Task TrySweepAsync()
    {
        if (Interlocked.Exchange(ref _isSweeping, 1) == 1)
        {
            return; // a store that is slow or away is not asked twice at once
        }

        try
        {
            int removed = await SweepOnceAsync().ConfigureAwait(false);
            _hasFailed = false;
            if (removed > 0)
            {
                Log.Removed(_log, removed);
            }
        }
        catch (Exception error) // a store that is away must not end the timer; the next sweep tries again
        {
            _hasFailed = true;
            Log.SweepFailed(_log, error);
        }
        finally
        {
            Volatile.Write(ref _isSweeping, 0);
        }
    }
}

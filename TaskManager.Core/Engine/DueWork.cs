using Microsoft.Extensions.Logging;
using TaskManager.Diagnostics;
using TaskManager.Execution;
using TaskManager.Signals;
using TaskManager.Workers;

namespace TaskManager.Engine;

/// <summary>Looks after everything whose time has come, on the alarm and once a second, and raises again whatever hint may have been missed.</summary>
internal sealed class DueWork(ITaskStore store, WorkerPool pool, WorkerDirectory workers, HeldLeases leases, ClaimWaiters claims, RoomHint room, Alarm alarm, ILogger log)
{
    private volatile bool _hasFailed;

    /// <summary>Gets a value indicating whether it could not be done the last time.</summary>
    public bool HasFailed => _hasFailed;

    public async ValueTask DoAsync()
    {
        try
        {
            await pool.MeetDeadlinesAsync(store.Now.Elapsed).ConfigureAwait(false);
            await leases.MeetDeadlinesAsync().ConfigureAwait(false);
            await AllAsync(store.ExpireLeasesAsync).ConfigureAwait(false);
            await AllAsync(store.QueueDueAsync).ConfigureAwait(false);
            ForgetSilentWorkers();
            pool.WakeAll();
            claims.WakeAll();
            if (!store.IsFull)
            {
                room.RaiseAll();
            }

            _hasFailed = false;
        }
        catch (Exception error) // a store that is away must not end the timer; the next second tries again
        {
            _hasFailed = true;
            Log.SweepFailed(log, error);
        }
    }

    /// <summary>Does a few at a time, so that nobody waits for the store for long, and asks to be rung for the next.</summary>
    private async ValueTask AllAsync(Func<CancellationToken, ValueTask<TimeSpan?>> doSome)
    {
        TimeSpan? untilNext;
        do
        {
            untilNext = await doSome(CancellationToken.None).ConfigureAwait(false);
        }
        while (untilNext <= TimeSpan.Zero);

        if (untilNext is { } wait)
        {
            TimeSpan now = store.Now.Elapsed;
            alarm.NoLaterThan(wait < TimeSpan.MaxValue - now ? now + wait : TimeSpan.MaxValue); // the clock has gone on since: what is never due would overflow
        }
    }

    private void ForgetSilentWorkers()
    {
        TimeSpan now = store.Now.Elapsed;
        foreach (RemoteWorker worker in workers.ForgetSilent(now))
        {
            Log.WorkerForgotten(log, worker.Registration.WorkerId, worker.Silence(now));
        }
    }
}

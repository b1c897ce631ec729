using System.Collections.Concurrent;
using TaskManager.Signals;

namespace TaskManager.Workers;

/// <summary>One start of one worker outside this process, as long as it is registered.</summary>
internal sealed class RemoteWorker
{
    /// <summary>A registration that comes late is one of the last few starts; those before have long ended, and each is up to 128 characters.</summary>
    private const int MaxReplaced = 16;

    private readonly WaiterCount _waiters;
    private readonly string[] _replaced;
    private Terms _terms;
    private long _seenUtcTicks;
    private long _seenElapsedTicks;
    private int _calls;
    private int _isGone;

    public RemoteWorker(WorkerRegistration registration, TimeSpan leaseDuration, WaiterCount waiters, ClockReading now, RemoteWorker? before)
    {
        _waiters = waiters;
        _replaced = before is null ? [] : [.. before._replaced.TakeLast(MaxReplaced - 1), before.Registration.Incarnation];
        Holder = $"{registration.WorkerId}/{registration.Incarnation}"; // another start of it holds nothing of this one's
        RegisteredAt = now.Utc;
        LeaseDuration = leaseDuration;
        _terms = TermsOf(registration);
        See(now);
    }

    /// <summary>Gets the name under which it holds its leases.</summary>
    public string Holder { get; }

    public DateTimeOffset RegisteredAt { get; }

    public TimeSpan LeaseDuration { get; }

    public WorkerRegistration Registration => Volatile.Read(ref _terms).Registration;

    public TaskClaim Claim => Volatile.Read(ref _terms).Claim;

    /// <summary>Gets what it holds, by task; kept by <see cref="HeldLeases"/>.</summary>
    public ConcurrentDictionary<Guid, HeldLease> Leases { get; } = new();

    /// <summary>Gets what is raised when something is asked of the worker or its tasks.</summary>
    public Pulse Asked { get; } = new();

    /// <summary>Gets or sets what it was told last.</summary>
    public WorkerDirective Told { get; set; }

    /// <summary>Gets a value indicating whether it has left, was forgotten, or another start has taken its place.</summary>
    public bool IsGone => Volatile.Read(ref _isGone) == 1;

    public DateTimeOffset SeenAt => new(Volatile.Read(ref _seenUtcTicks), TimeSpan.Zero);

    /// <summary>Takes over what the worker says of itself when it registers once more without having been started anew.</summary>
    public void Renew(WorkerRegistration registration) => Volatile.Write(ref _terms, TermsOf(registration));

    /// <summary>Tells whether this start of the worker, or one before it, took over from another.</summary>
    public bool HasReplaced(string incarnation) => _replaced.Contains(incarnation, StringComparer.Ordinal);

    public void Go()
    {
        Interlocked.Exchange(ref _isGone, 1); // a full fence: a heartbeat that waits and does not see it yet is seen to wait
        Asked.RaiseLater();
    }

    public void See(ClockReading now)
    {
        Volatile.Write(ref _seenUtcTicks, now.Utc.UtcTicks);
        Volatile.Write(ref _seenElapsedTicks, now.Elapsed.Ticks);
    }

    /// <summary>Gets how long nothing was heard of it; a call that waits is a sign of life as long as it does.</summary>
    public TimeSpan Silence(TimeSpan now) => Volatile.Read(ref _calls) > 0 ? TimeSpan.Zero : now - new TimeSpan(Volatile.Read(ref _seenElapsedTicks));

    public bool IsAlive(TimeSpan now) => Silence(now) < LeaseDuration;

    /// <summary>Begins a call that waits.</summary>
    /// <exception cref="TooManyWaitersException">As many calls wait as may.</exception>
    public void BeginWait()
    {
        _waiters.Enter();
        Interlocked.Increment(ref _calls);
    }

    /// <summary>Begins a call that waits, unless as many do as may.</summary>
    public bool TryBeginWait()
    {
        if (!_waiters.TryEnter())
        {
            return false;
        }

        Interlocked.Increment(ref _calls);
        return true;
    }

    public void EndWait(ClockReading now)
    {
        See(now);
        Interlocked.Decrement(ref _calls);
        _waiters.Leave();
    }

    private Terms TermsOf(WorkerRegistration registration) =>
        new(registration, new TaskClaim(Holder, registration.WorkerId, new TaskTypeSet(registration.TaskTypes), LeaseDuration));

    private sealed record Terms(WorkerRegistration Registration, TaskClaim Claim);
}

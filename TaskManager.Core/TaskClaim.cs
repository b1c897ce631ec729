namespace TaskManager;

/// <summary>Who claims, which types, and for how long a claimed task is theirs before they must say that they live.</summary>
public sealed class TaskClaim
{
    private readonly TaskLease? _endless;

    /// <summary>Initializes a new instance of the <see cref="TaskClaim"/> class.</summary>
    /// <param name="holder">Who claims: the in-process pool, or the id of a worker.</param>
    /// <param name="worker">Who will run it, for people.</param>
    /// <param name="types">What may be taken.</param>
    /// <param name="leaseDuration">
    /// How long a lease lasts; <see cref="Timeout.InfiniteTimeSpan"/> for a holder in this process, which cannot fall silent without it, and whose debugger's pause must not double a task.
    /// </param>
    public TaskClaim(string holder, string worker, TaskTypeSet types, TimeSpan leaseDuration)
    {
        Holder = holder;
        Worker = worker;
        Types = types;
        LeaseDuration = leaseDuration;
        _endless = leaseDuration == Timeout.InfiniteTimeSpan ? new TaskLease(holder, worker, Guid.Empty, TimeSpan.MaxValue) : null;
    }

    /// <summary>Gets who claims.</summary>
    public string Holder { get; }

    /// <summary>Gets who will run it, for people.</summary>
    public string Worker { get; }

    /// <summary>Gets what may be taken.</summary>
    public TaskTypeSet Types { get; }

    /// <summary>Gets how long a lease lasts.</summary>
    public TimeSpan LeaseDuration { get; }

    /// <summary>Makes the lease of one claimed task, with a token of its own unless it never ends.</summary>
    /// <param name="now">The present reading of the store's clock.</param>
    /// <returns>The lease.</returns>
    public TaskLease NewLease(ClockReading now) => _endless ?? new TaskLease(Holder, Worker, Guid.NewGuid(), now.Elapsed + LeaseDuration);
}

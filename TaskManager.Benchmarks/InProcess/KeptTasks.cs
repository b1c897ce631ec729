using Microsoft.Extensions.DependencyInjection;
using TaskManager.Benchmarks.Contenders;
using TaskManager.Execution;

namespace TaskManager.Benchmarks.InProcess;

/// <summary>
/// A manager that keeps a given number of ended tasks, and five queued ones that are older than all of them. Each round submits, cancels, claims and completes some more an hour later,
/// and the sweep then removes as many, so that the number stays. Nothing runs by itself: the pool has no slots and the clock stands.
/// </summary>
internal sealed class KeptTasks : IAsyncDisposable
{
    public const int FewQueued = 5;

    private const int Half = 250;
    private const int Pages = 10;

    private static readonly TaskClaim Claim = new("benchmark", "benchmark-1", new TaskTypeSet(["nothing", "held"]), Timeout.InfiniteTimeSpan);
    private static readonly TaskQuery AnyState = new() { Limit = 50 };
    private static readonly TaskQuery Queued = new() { Limit = 50, States = [TaskState.Queued] };

    private readonly SettableClock _clock = new();
    private readonly ServiceProvider _services;
    private readonly ITaskManager _tasks;
    private readonly ITaskStore _store;
    private readonly Transitions _transitions;
    private readonly TaskRecord[] _claimed = new TaskRecord[Half];
    private readonly Guid[] _submitted = new Guid[2 * Half];

    private KeptTasks(int kept)
    {
        IServiceCollection services = new ServiceCollection().AddSingleton<TimeProvider>(_clock);
        _services = services
            .AddTaskManager(options =>
            {
                options.MaxConcurrency = 0;
                options.MaxRetained = 100_000_000;
                options.Retention = TimeSpan.FromHours(((double)kept / (2 * Half)) + 0.5); // one round is swept an hour after it is due
            })
            .AddHandler("nothing", (NoWork _, TaskContext _) => "done")
            .AddHandler("held", (Held _, TaskContext _) => "done", type => type.MaxConcurrency = 1)
            .Services.BuildServiceProvider();
        _tasks = _services.GetRequiredService<ITaskManager>();
        _store = _services.GetRequiredService<ITaskStore>();
        _transitions = new Transitions(_store);
    }

    public static async Task<KeptTasks> FillAsync(int kept)
    {
        var filled = new KeptTasks(kept);
        for (int i = 0; i <= FewQueued; i++)
        {
            await filled._tasks.SubmitAsync(new Held());
        }

        await filled.ClaimAsync(1); // at its limit from now on, so that the other five stay
        for (int i = 0; i < kept / (2 * Half); i++)
        {
            await filled.SubmitAsync();
            await filled.CancelAsync();
            await filled.ClaimAsync(Half);
            await filled.CompleteAsync();
            filled._clock.Advance(TimeSpan.FromHours(1));
        }

        return filled;
    }

    /// <summary>Does everything some hundred times.</summary>
    /// <returns>What each operation took at a time, in nanoseconds, in the order of <see cref="Growth.Operations"/>.</returns>
    public async Task<double[]> MeasureAsync()
    {
        double submit = await TimeAsync(SubmitAsync, 2 * Half);
        double cancel = await TimeAsync(CancelAsync, Half);
        double claim = await TimeAsync(() => ClaimAsync(Half), Half);
        double complete = await TimeAsync(CompleteAsync, Half);
        double page = await TimeAsync(() => ListAsync(AnyState, AnyState.Limit), Pages);
        double queued = await TimeAsync(() => ListAsync(Queued, FewQueued), Pages);
        _clock.Advance(TimeSpan.FromHours(1));
        double sweep = await TimeAsync(SweepAsync, 2 * Half);
        return [submit, claim, complete, cancel, page, queued, sweep];
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static async Task<double> TimeAsync(Func<Task> operations, int count)
    {
        long started = TimeProvider.System.GetTimestamp();
        await operations();
        return TimeProvider.System.GetElapsedTime(started).TotalNanoseconds / count;
    }

    private async Task SubmitAsync()
    {
        for (int i = 0; i < _submitted.Length; i++)
        {
            _submitted[i] = (await _tasks.SubmitAsync(NoWork.Instance)).Id;
        }
    }

    private async Task CancelAsync()
    {
        for (int i = Half; i < _submitted.Length; i++)
        {
            Expect((await _tasks.CancelAsync(_submitted[i])).Outcome == MoveOutcome.Applied);
        }
    }

    private async Task ClaimAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Expect((await _store.ClaimAsync(Claim, _claimed.AsMemory(i, 1), CancellationToken.None)).Count == 1);
        }
    }

    private async Task CompleteAsync()
    {
        foreach (TaskRecord record in _claimed)
        {
            LifecycleEvent done = LifecycleEvent.Complete(record.Status.Attempt, "done");
            Expect((await _transitions.ApplyAsync(record, done, CancellationToken.None)).Outcome == MoveOutcome.Applied);
        }
    }

    private async Task ListAsync(TaskQuery query, int expected)
    {
        for (int i = 0; i < Pages; i++)
        {
            Expect((await _tasks.ListAsync(query)).Items.Count == expected);
        }
    }

    private async Task SweepAsync() => Expect(await _store.RemoveExpiredAsync(CancellationToken.None) == 2 * Half);

    private static void Expect(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("What was measured did not do what it should.");
        }
    }

    private sealed record Held : ITaskParameters<string>;
}

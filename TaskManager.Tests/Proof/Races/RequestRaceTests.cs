using System.Collections.Concurrent;
using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Races;

/// <summary>Requests against claims and ends, on threads that start at the same moment.</summary>
[Trait("Proof", "races")]
public sealed class RequestRaceTests
{
    private static readonly int Rounds = ProofSize.Of(1_000, 200_000);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task CancelAgainstClaim_EitherWins_TheAnswerAgreesWithWhatBecomesOfIt()
    {
        var entered = new ConcurrentDictionary<Guid, bool>();
        await using var fixture = EngineFixture.Create((task, context) =>
        {
            entered[context.TaskId] = true;
            return Task.FromResult(task.Name);
        });
        var ends = new FinalEvents(fixture.Store);
        using var track = new RaceTrack(2);
        fixture.Engine.Start();
        for (int round = 0; round < Rounds; round++)
        {
            fixture.Pool.Stop();
            TaskHandle<string> handle = await fixture.SubmitAsync();
            TaskMove cancel = default;

            track.Race(fixture.Pool.Start, () => cancel = handle.CancelAsync().AtOnce());

            TaskRecord ended = await handle.WhenEndedAsync().Patiently();
            if (cancel.Record.State == TaskState.Cancelled)
            {
                Assert.Equal((TaskState.Cancelled, 0, false), (ended.State, ended.Status.Attempt, entered.ContainsKey(handle.Id)));
            }
            else
            {
                Assert.Equal(cancel.Outcome == MoveOutcome.Applied, ended.Status.CancelRequested);
                Assert.Equal(TaskState.Completed, ended.State); // the handler takes no notice
            }
        }

        await ends.AssertOneEachAsync();
        Assert.Equal(Rounds, ends.Tasks);
    }

    [Fact]
    public async Task PauseAgainstClaim_EitherWins_ItRunsOnceAndOnlyWhenItMay()
    {
        var entries = new ConcurrentDictionary<Guid, int>();
        await using var fixture = EngineFixture.Create(async (task, context) =>
        {
            entries.AddOrUpdate(context.TaskId, 1, (_, count) => count + 1);
            await context.CheckpointAsync();
            return task.Name;
        });
        using var track = new RaceTrack(2);
        fixture.Engine.Start();
        for (int round = 0; round < Rounds; round++)
        {
            fixture.Pool.Stop();
            TaskHandle<string> handle = await fixture.SubmitAsync();
            TaskMove pause = default;

            track.Race(fixture.Pool.Start, () => pause = handle.PauseAsync().AtOnce());

            if (pause.Record.State == TaskState.Paused)
            {
                Assert.False(entries.ContainsKey(handle.Id), "It is held, and was entered.");
            }

            await Patience.UntilAsync(async () => (await handle.GetAsync())!.Value.State is TaskState.Paused or TaskState.Completed);
            await handle.ResumeAsync();
            Assert.Equal(TaskState.Completed, (await handle.WhenEndedAsync().Patiently()).State);
            Assert.Equal(1, entries[handle.Id]);
        }

        await Patience.UntilAsync(() => fixture.Pool.Status is { Busy: 0, Suspended: 0 });
    }

    [Fact]
    public async Task CompleteAgainstCancel_EitherWins_TheDoneWorkIsKept()
    {
        var work = new ConcurrentDictionary<Guid, TaskCompletionSource<string>>();
        await using var fixture = EngineFixture.Create((_, context) => work.GetOrAdd(context.TaskId, _ => new TaskCompletionSource<string>()).Task);
        var ends = new FinalEvents(fixture.Store);
        using var track = new RaceTrack(2);
        for (int round = 0; round < Rounds; round++)
        {
            TaskHandle<string> handle = await fixture.SubmitAsync();
            await Patience.UntilAsync(() => work.ContainsKey(handle.Id));
            TaskMove cancel = default;

            track.Race(() => work[handle.Id].SetResult("done"), () => cancel = handle.CancelAsync().AtOnce());

            TaskRecord ended = await handle.WhenEndedAsync().Patiently();
            Assert.Equal((TaskState.Completed, "done"), (ended.State, ended.Status.Result));
            Assert.Equal(cancel.Outcome == MoveOutcome.Applied, ended.Status.CancelRequested);
        }

        await ends.AssertOneEachAsync();
        await Patience.UntilAsync(() => fixture.Pool.Status.Busy == 0);
    }

    [Fact]
    public async Task CompleteAgainstTimeOut_EitherWins_OneEndThatAgrees()
    {
        var work = new ConcurrentDictionary<Guid, TaskCompletionSource<string>>();
        await using var fixture = EngineFixture.Create((_, context) =>
        {
            var source = new TaskCompletionSource<string>();
            context.CancellationToken.Register(() => source.TrySetCanceled(context.CancellationToken));
            work[context.TaskId] = source;
            return source.Task;
        });
        var ends = new FinalEvents(fixture.Store);
        using var track = new RaceTrack(2);
        for (int round = 0; round < Rounds; round++)
        {
            TaskHandle<string> handle = await fixture.SubmitAsync(options: new SubmitOptions { Timeout = Minute });
            await Patience.UntilAsync(() => work.ContainsKey(handle.Id));
            bool done = false;

            track.Race(() => done = work[handle.Id].TrySetResult("done"), () => fixture.Clock.Advance(Minute));

            TaskRecord ended = await handle.WhenEndedAsync().Patiently();
            Assert.Equal(done ? TaskState.Completed : TaskState.TimedOut, ended.State);
            Assert.Equal(done ? null : TaskErrorCodes.TimedOut, ended.Status.Error?.Code);
        }

        await ends.AssertOneEachAsync();
    }

    [Fact]
    public async Task CancelAgainstTimeOut_OfAHandlerThatIgnoresBoth_IsAbandonedWhenItsTimeHasComeAndNoEarlier()
    {
        var entered = new ConcurrentDictionary<Guid, TaskCompletionSource<string>>();
        await using var fixture = EngineFixture.Create((_, context) => entered.GetOrAdd(context.TaskId, _ => new TaskCompletionSource<string>()).Task);
        using var track = new RaceTrack(2);
        for (int round = 0; round < Rounds; round++)
        {
            TaskHandle<string> handle = await fixture.SubmitAsync(options: new SubmitOptions { Timeout = Minute });
            await Patience.UntilAsync(() => entered.ContainsKey(handle.Id));
            fixture.Clock.Advance(Minute - TimeSpan.FromTicks(1));

            track.Race(() => handle.CancelAsync().AtOnce(), () => fixture.Clock.Advance(TimeSpan.FromTicks(1)));

            Assert.Equal(TaskState.Processing, (await handle.GetAsync())!.Value.State);
            fixture.Clock.Advance(TimeSpan.FromSeconds(30));
            TaskRecord ended = await handle.WhenEndedAsync().Patiently();
            Assert.Equal((TaskState.Cancelled, TaskErrorCodes.Abandoned), (ended.State, ended.Status.Error?.Code));
            entered[handle.Id].SetResult("too late");
        }

        await Patience.UntilAsync(() => fixture.Pool.Status is { Busy: 0, Abandoned: 0 });
    }

    [Fact]
    public async Task CancelFromEightThreads_OneApplies_TheVersionMovesOnce()
    {
        await using var fixture = EngineFixture.Create((task, _) => Task.FromResult(task.Name), options => options.MaxConcurrency = 0);
        using var track = new RaceTrack(8);
        for (int round = 0; round < Rounds / 4; round++)
        {
            TaskHandle<string> handle = await fixture.SubmitAsync();
            var moves = new TaskMove[8];

            track.Race([.. Enumerable.Range(0, moves.Length).Select(Action (i) => () => moves[i] = handle.CancelAsync().AtOnce())]);

            Assert.Single(moves, move => move.Outcome == MoveOutcome.Applied);
            Assert.Equal(7, moves.Count(move => move.Outcome == MoveOutcome.Repeated));
            Assert.All(moves, move => Assert.Equal((TaskState.Cancelled, 2), (move.Record.State, move.Record.Status.Version)));
        }
    }

    [Fact]
    public async Task WaitAgainstCompletion_EitherFirst_TheWaiterHearsOfIt()
    {
        var work = new ConcurrentDictionary<Guid, TaskCompletionSource<string>>();
        await using var fixture = EngineFixture.Create((_, context) => work.GetOrAdd(context.TaskId, _ => new TaskCompletionSource<string>()).Task);
        using var track = new RaceTrack(3);
        for (int round = 0; round < Rounds; round++)
        {
            TaskHandle<string> handle = await fixture.SubmitAsync();
            await Patience.UntilAsync(() => work.ContainsKey(handle.Id));
            Task<TaskRecord?>? end = null;
            Task<TaskRecord?>? change = null;

            track.Race(
                () => work[handle.Id].SetResult("done"),
                () => end = fixture.Tasks.WaitForEndAsync(handle.Id, Timeout.InfiniteTimeSpan).AsTask(),
                () => change = fixture.Tasks.WaitForChangeAsync(handle.Id, TaskState.Processing, Timeout.InfiniteTimeSpan).AsTask());

            Assert.Equal(TaskState.Completed, (await end!.Patiently())?.State);
            Assert.Equal(TaskState.Completed, (await change!.Patiently())?.State);
        }

        Assert.Equal(0, (await fixture.Tasks.GetStatisticsAsync()).Bounds["waiters"].Used);
    }
}

using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Races;

/// <summary>An end that comes between the looks of whoever begins to wait for it.</summary>
[Trait("Proof", "races")]
public sealed class WaitSyncPointTests
{
    [Theory]
    [InlineData(0)] // behind the first look, before the waiter is known
    [InlineData(1)] // behind the second look, when it is
    public async Task WaitForEnd_TheEndComesBetweenTheLooks_AnswersAtOnce(int pass)
    {
        var gate = new Gate();
        await using var points = SyncPoints.Create(gate.HandleAsync);
        TaskHandle<string> handle = await points.Fixture.SubmitAsync();
        await gate.Entered;
        points.AfterFind(handle.Id, pass, () => EndAsync(points, handle, gate));

        TaskRecord? ended = await points.Fixture.Tasks.WaitForEndAsync(handle.Id, Timeout.InfiniteTimeSpan).Patiently();

        Assert.Equal(TaskState.Completed, ended?.State);
        Assert.Equal(0, (await points.Fixture.Tasks.GetStatisticsAsync()).Bounds["waiters"].Used);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task WaitForChange_TheChangeComesBetweenTheLooks_AnswersAtOnce(int pass)
    {
        var gate = new Gate();
        await using var points = SyncPoints.Create(gate.HandleAsync);
        TaskHandle<string> handle = await points.Fixture.SubmitAsync();
        await gate.Entered;
        points.AfterFind(handle.Id, pass, () => EndAsync(points, handle, gate));

        TaskRecord? changed = await points.Fixture.Tasks.WaitForChangeAsync(handle.Id, TaskState.Processing, Timeout.InfiniteTimeSpan).Patiently();

        Assert.Equal(TaskState.Completed, changed?.State);
    }

    [Fact]
    public async Task Watch_TheEndComesBehindTheFirstLook_IsToldOnce()
    {
        var gate = new Gate();
        await using var points = SyncPoints.Create(gate.HandleAsync);
        TaskHandle<string> handle = await points.Fixture.SubmitAsync();
        await gate.Entered;
        points.AfterFind(handle.Id, 0, () => EndAsync(points, handle, gate));
        var states = new List<TaskState>();

        await foreach (TaskEvent happened in handle.WatchAsync())
        {
            states.Add(Assert.IsType<TaskStatusEvent>(happened).State);
        }

        Assert.Equal([TaskState.Queued, TaskState.Processing, TaskState.Completed], states);
    }

    [Fact]
    public async Task Watch_RemovedBehindTheFirstLookAndItsEventsToo_IsToldSo()
    {
        var gate = new Gate();
        await using var points = SyncPoints.Create((task, context) => task.Name == "first" ? gate.HandleAsync(task, context) : Task.FromResult(task.Name), options => options.MaxEvents = 1_024);
        TaskHandle<string> handle = await points.Fixture.SubmitAsync("first");
        await gate.Entered;
        points.AfterFind(handle.Id, 0, async () =>
        {
            await EndAsync(points, handle, gate);
            await points.Fixture.Tasks.RemoveAsync(handle.Id);
            for (int i = 0; i < 400; i++)
            {
                await points.Fixture.SubmitAsync("others"); // three events each
            }

            await points.Fixture.Tasks.WhenIdleAsync();
        });

        await Assert.ThrowsAsync<TaskNotFoundException>(async () =>
        {
            await foreach (TaskEvent happened in handle.WatchAsync())
            {
                Assert.Fail($"Nothing true can be told, not even {happened}.");
            }
        });
    }

    [Fact]
    public async Task Get_RemovedBehindTheLook_AnswersWithTheWholeTask()
    {
        await using var points = SyncPoints.Create((_, _) => Task.FromResult("done"));
        TaskHandle<string> handle = await points.Fixture.SubmitAsync();
        await handle.WaitAsync().Patiently();
        points.AfterFind(handle.Id, 0, () => points.Fixture.Tasks.RemoveAsync(handle.Id).AsTask());

        TaskRecord? found = await handle.GetAsync();

        Assert.Equal((TaskState.Completed, "done"), (found?.State, found?.Status.Result));
        Assert.Null(await handle.GetAsync());
    }

    private static async Task EndAsync(SyncPoints points, TaskHandle<string> handle, Gate gate)
    {
        gate.Open();
        await Patience.UntilAsync(async () => (await points.Fixture.Tasks.GetAsync(handle.Id))!.Value.IsDone);
    }
}

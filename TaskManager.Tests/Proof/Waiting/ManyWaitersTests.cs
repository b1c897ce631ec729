using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Waiting;

[Trait("Proof", "waiting")]
public sealed class ManyWaitersTests
{
    private const int Waiters = 500;

    [Fact]
    public async Task Wait_FiveHundredOnOneTask_AllGetTheSameRecordAndNoneIsLeft()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;
        int timers = fixture.Clock.ActiveTimers;
        Task<TaskRecord?>[] ends = [.. Enumerable.Range(0, Waiters).Select(_ => fixture.Tasks.WaitForEndAsync(handle.Id, Timeout.InfiniteTimeSpan).AsTask())];
        Task<TaskRecord?>[] changes = [.. Enumerable.Range(0, Waiters).Select(_ => fixture.Tasks.WaitForChangeAsync(handle.Id, TaskState.Processing, Timeout.InfiniteTimeSpan).AsTask())];
        Task<TaskEvent?>[] watches = [.. Enumerable.Range(0, Waiters).Select(_ => LastAsync(handle))];
        Assert.Equal(2 * Waiters, await BoundAsync(fixture, "waiters"));
        await Patience.UntilAsync(async () => await BoundAsync(fixture, "subscribers") == Waiters);

        gate.Open();

        TaskRecord record = (await Task.WhenAll(ends).Patiently())[0]!.Value;
        Assert.Equal((TaskState.Completed, "done"), (record.State, record.Status.Result));
        Assert.All(await Task.WhenAll(ends.Concat(changes)).Patiently(), answer => Assert.Same(record.Status, answer!.Value.Status));
        Assert.Single((await Task.WhenAll(watches).Patiently()).Distinct());
        await Patience.UntilAsync(async () => await BoundAsync(fixture, "waiters") + await BoundAsync(fixture, "subscribers") == 0);
        await Patience.UntilAsync(() => fixture.Clock.ActiveTimers <= timers);
    }

    [Fact]
    public async Task Wait_HalfOfThemGiveUpOrRunOutOfPatience_TheOthersHearOfTheEndAndNoneIsLeft()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;
        using var giveUp = new CancellationTokenSource();
        Task<TaskRecord?>[] patient = [.. Enumerable.Range(0, Waiters).Select(_ => fixture.Tasks.WaitForEndAsync(handle.Id, Timeout.InfiniteTimeSpan).AsTask())];
        Task<TaskRecord?>[] givingUp = [.. Enumerable.Range(0, Waiters).Select(_ => fixture.Tasks.WaitForEndAsync(handle.Id, Timeout.InfiniteTimeSpan, giveUp.Token).AsTask())];
        Task<TaskRecord?>[] impatient = [.. Enumerable.Range(0, Waiters).Select(i => fixture.Tasks.WaitForEndAsync(handle.Id, TimeSpan.FromSeconds(1 + (i % 5))).AsTask())];

        await giveUp.CancelAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.All(await Task.WhenAll(impatient).Patiently(), answer => Assert.Equal(TaskState.Processing, answer?.State));
        foreach (Task<TaskRecord?> waiting in givingUp)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Patiently());
        }

        Assert.Equal(Waiters, await BoundAsync(fixture, "waiters"));
        gate.Open();
        Assert.All(await Task.WhenAll(patient).Patiently(), answer => Assert.Equal(TaskState.Completed, answer?.State));
        await Patience.UntilAsync(async () => await BoundAsync(fixture, "waiters") == 0);
    }

    private static async Task<TaskEvent?> LastAsync(TaskHandle<string> handle)
    {
        TaskEvent? last = null;
        await foreach (TaskEvent happened in handle.WatchAsync())
        {
            last = happened;
        }

        return last;
    }

    private static async Task<long> BoundAsync(EngineFixture fixture, string name) => (await fixture.Tasks.GetStatisticsAsync()).Bounds[name].Used;
}

using Microsoft.Extensions.Logging;

namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task Log_LiveAttempt_IsReadBackInOrder()
    {
        StoreSteps steps = Create();
        TaskRecord claimed = await steps.ClaimAsync(await steps.AddAsync());
        Assert.Empty((await ReadLogAsync(steps, claimed))!.Items);
        DateTimeOffset at = steps.Store.Now.Utc;
        await WriteAsync(steps, claimed, "a", LogLevel.Debug);
        Clock.Advance(Second);
        await WriteAsync(steps, claimed, "b", LogLevel.Error);

        TaskLogPage page = (await ReadLogAsync(steps, claimed))!;

        Assert.Equal([new TaskLogEntry(1, LogLevel.Debug, "a", at), new TaskLogEntry(2, LogLevel.Error, "b", at + Second)], page.Items);
        Assert.Equal((null, 0), (page.Next, page.Dropped));
    }

    [Fact]
    public async Task Log_PageByPage_GivesEachLineOnce()
    {
        StoreSteps steps = Create();
        TaskRecord claimed = await steps.ClaimAsync(await steps.AddAsync());
        for (int i = 1; i <= 10; i++)
        {
            await WriteAsync(steps, claimed, $"{i}", i % 2 == 0 ? LogLevel.Warning : LogLevel.Information);
        }

        Assert.Equal(["1", "2", "3", "4"], await ReadLogAsync(steps, claimed, after: 0, limit: 4, next: 4));
        Assert.Equal(["5", "6", "7", "8"], await ReadLogAsync(steps, claimed, after: 4, limit: 4, next: 8));
        Assert.Equal(["9", "10"], await ReadLogAsync(steps, claimed, after: 8, limit: 2, next: null));
        Assert.Empty(await ReadLogAsync(steps, claimed, after: 10, limit: 2, next: null));
        Assert.Equal(["4", "6"], await ReadLogAsync(steps, claimed, after: 2, limit: 2, next: 6, LogLevel.Warning));
        Assert.Equal(["8", "10"], await ReadLogAsync(steps, claimed, after: 6, limit: 2, next: null, LogLevel.Warning));
        Assert.Empty(await ReadLogAsync(steps, claimed, after: 0, limit: 2, next: null, LogLevel.Error));
    }

    [Fact]
    public async Task Log_MoreThanIsKept_DropsTheOldestAndCountsThem()
    {
        StoreSteps steps = Create(options => options.MaxLogEntries = 3);
        TaskRecord claimed = await steps.ClaimAsync(await steps.AddAsync());
        for (int i = 1; i <= 5; i++)
        {
            await WriteAsync(steps, claimed, $"{i}");
        }

        TaskLogPage page = (await ReadLogAsync(steps, claimed))!;
        Assert.Equal([3L, 4L, 5L], page.Items.Select(line => line.Sequence));
        Assert.Equal(2, page.Dropped);
        Assert.Equal((2, 4L), ((await steps.Store.ReadLogAsync(claimed.Id, 0, LogLevel.Trace, 2, CancellationToken.None))!.Dropped, page.Items[1].Sequence));
    }

    [Fact]
    public async Task Log_AttemptThatIsNotTheLiveOne_WritesNothing()
    {
        StoreSteps steps = Create();
        TaskRecord added = await steps.AddAsync(new SubmitOptions { MaxAttempts = 2 });
        Assert.False(await WriteAsync(steps, added, "none has begun"));
        TaskRecord first = await steps.ClaimAsync(added);
        Assert.True(await WriteAsync(steps, first, "first"));
        await steps.FailAsync(added.Id, TimeSpan.Zero);
        Assert.False(await WriteAsync(steps, first, "late"));
        TaskRecord second = await steps.ClaimAsync(added);
        Assert.False(await WriteAsync(steps, first, "late"));
        Assert.True(await WriteAsync(steps, second, "second"));
        await steps.CompleteAsync(added.Id);
        Assert.False(await WriteAsync(steps, second, "late"));

        Assert.Equal(["first", "second"], (await ReadLogAsync(steps, added))!.Items.Select(line => line.Message));
        Assert.Null(await ReadLogAsync(steps, await Create().AddAsync()));
        Assert.False(await WriteAsync(steps, await Create().AddAsync(), "elsewhere"));
    }

    [Fact]
    public async Task Log_NoneIsKept_TakesNothing()
    {
        StoreSteps steps = Create(options => options.MaxLogEntries = 0);
        TaskRecord claimed = await steps.ClaimAsync(await steps.AddAsync());

        Assert.False(await WriteAsync(steps, claimed, "line"));

        Assert.Empty((await ReadLogAsync(steps, claimed))!.Items);
    }

    private static async Task<bool> WriteAsync(StoreSteps steps, TaskRecord task, string message, LogLevel level = LogLevel.Information) =>
        await steps.Store.AppendLogAsync(task.Id, task.Status.Attempt, level, message, CancellationToken.None);

    private static async Task<TaskLogPage?> ReadLogAsync(StoreSteps steps, TaskRecord task) => await steps.Store.ReadLogAsync(task.Id, 0, LogLevel.Trace, 1_000, CancellationToken.None);

    private static async Task<string[]> ReadLogAsync(StoreSteps steps, TaskRecord task, long after, int limit, long? next, LogLevel least = LogLevel.Trace)
    {
        TaskLogPage page = (await steps.Store.ReadLogAsync(task.Id, after, least, limit, CancellationToken.None))!;
        Assert.Equal(next, page.Next);
        return [.. page.Items.Select(line => line.Message)];
    }
}

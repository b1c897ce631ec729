using Microsoft.Extensions.Logging;

namespace TaskManager.Tests.Core.Engine;

public sealed class WatchTests
{
    [Fact]
    public async Task Watch_FromTheBeginning_GivesStatesProgressAndLogInOrderToTheEnd()
    {
        await using var fixture = EngineFixture.Create((_, context) =>
        {
            context.ReportProgress(1, 2, "half");
            context.Logger.LogInformation("between");
            context.ReportProgress(2, 2, "whole");
            return Task.FromResult("done");
        });
        TaskHandle<string> handle = await fixture.SubmitAsync();

        List<TaskEvent> events = await CollectAsync(handle.WatchAsync());

        Assert.Equal(
            ["queued", "processing", "half", "between", "whole", "completed"],
            events.Select(Describe));
        Assert.Equal(events.Select(e => e.Id.Number).Order(), events.Select(e => e.Id.Number));
        Assert.Equal([1, 2, 3], events.OfType<TaskStatusEvent>().Select(e => e.Version));
    }

    [Fact]
    public async Task Watch_Resumed_GivesEachEventOnce()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;
        var first = new List<TaskEvent>();
        await foreach (TaskEvent happened in handle.WatchAsync())
        {
            first.Add(happened);
            if (first.Count == 2)
            {
                break; // cut off
            }
        }

        gate.Open();
        List<TaskEvent> second = await CollectAsync(fixture.Tasks.WatchAsync(handle.Id, first[^1].Id));

        Assert.Equal(["queued", "processing", "completed"], first.Concat(second).Select(Describe));
    }

    [Fact]
    public async Task Watch_BehindTheFinalEvent_EndsAtOnce()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        TaskHandle<string> handle = await fixture.SubmitAsync();
        List<TaskEvent> events = await CollectAsync(handle.WatchAsync());

        Assert.Empty(await CollectAsync(fixture.Tasks.WatchAsync(handle.Id, events[^1].Id)));
    }

    [Fact]
    public async Task Watch_AnIdOfAnotherProcess_BeginsWithAReset()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WaitAsync().Patiently();
        TaskEventId own = (await CollectAsync(handle.WatchAsync()))[0].Id;

        List<TaskEvent> events = await CollectAsync(fixture.Tasks.WatchAsync(handle.Id, own with { Process = own.Process + 1 }));

        var reset = Assert.IsType<TaskResetEvent>(Assert.Single(events));
        Assert.Equal(TaskState.Completed, reset.Record!.Value.State);
    }

    [Fact]
    public async Task Watch_EventsThatAreKeptNoMore_BeginsWithAResetAndEnds()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"), options => options.MaxEvents = 1);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        TaskEvent first = (await CollectAsync(handle.WatchAsync()))[0];
        await fixture.Tasks.SubmitManyAsync(Enumerable.Range(0, 1_000).Select(_ => new Work(string.Empty)));
        await fixture.Tasks.WhenIdleAsync().Patiently();

        Assert.IsType<TaskResetEvent>(Assert.Single(await CollectAsync(fixture.Tasks.WatchAsync(handle.Id, first.Id))));
        Assert.IsType<TaskResetEvent>(Assert.Single(await CollectAsync(handle.WatchAsync())));
    }

    [Fact]
    public async Task Watch_RetriedTask_GoesOnBehindTheFirstEnd()
    {
        await using var fixture = EngineFixture.Create((_, context) => context.Attempt == 1 ? throw new InvalidOperationException("no") : Task.FromResult("done"));
        TaskHandle<string> handle = await fixture.SubmitAsync();
        List<TaskEvent> firstLife = await CollectAsync(handle.WatchAsync());
        await handle.RetryAsync();

        List<TaskEvent> secondLife = await CollectAsync(fixture.Tasks.WatchAsync(handle.Id, firstLife[^1].Id));

        Assert.Equal(["queued", "processing", "failed"], firstLife.Select(Describe));
        Assert.Equal(["queued", "processing", "completed"], secondLife.Select(Describe));
        Assert.Equal("no", ((TaskStatusEvent)firstLife[^1]).Error!.Message);
    }

    [Fact]
    public async Task WatchAll_FilteredByStatus_GivesOnlyThose()
    {
        await using var fixture = EngineFixture.Create((task, _) => task.Name == "bad" ? throw new InvalidOperationException() : Task.FromResult("good"));
        IAsyncEnumerator<TaskEvent> watch = fixture.Tasks.WatchAllAsync(new TaskWatchFilter { States = [TaskState.Failed] }).GetAsyncEnumerator();
        await using (watch)
        {
            ValueTask<bool> next = watch.MoveNextAsync();
            await (await fixture.SubmitAsync("good")).WhenEndedAsync().Patiently();
            TaskHandle<string> bad = await fixture.SubmitAsync("bad");

            Assert.True(await next.Patiently());
            Assert.Equal((bad.Id, "failed"), (watch.Current.TaskId, Describe(watch.Current)));
        }
    }

    [Fact]
    public async Task WatchAll_SlowReader_IsToldAndCostsNobodyAnything()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"), options => options.MaxEvents = 1);
        IAsyncEnumerator<TaskEvent> watch = fixture.Tasks.WatchAllAsync().GetAsyncEnumerator();
        await using (watch)
        {
            ValueTask<bool> next = watch.MoveNextAsync();
            await fixture.SubmitAsync();
            Assert.True(await next.Patiently());

            await fixture.Tasks.SubmitManyAsync(Enumerable.Range(0, 2_000).Select(_ => new Work(string.Empty)));
            await fixture.Tasks.WhenIdleAsync().Patiently();

            bool isReset = false;
            while (!isReset)
            {
                Assert.True(await watch.MoveNextAsync().Patiently());
                isReset = watch.Current is TaskResetEvent;
            }
        }
    }

    [Fact]
    public async Task Watch_AsManyAsMayBe_IsRefusedAndLeavesNothingBehind()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync, options => options.MaxSubscribers = 1);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        IAsyncEnumerator<TaskEvent> first = handle.WatchAsync().GetAsyncEnumerator();
        await first.MoveNextAsync().Patiently();

        await Assert.ThrowsAsync<TooManyWaitersException>(() => CollectAsync(handle.WatchAsync()));
        await first.DisposeAsync();

        Assert.Equal(0, (await fixture.Tasks.GetStatisticsAsync()).Bounds["subscribers"].Used);
        gate.Open();
        Assert.Equal("completed", Describe((await CollectAsync(handle.WatchAsync()))[^1]));
    }

    [Fact]
    public async Task Watch_FloodOfProgress_IsMergedAndKeepsTheLast()
    {
        const int Reports = 100_000;
        await using var fixture = EngineFixture.Create((_, context) =>
        {
            for (int i = 1; i <= Reports; i++)
            {
                context.ReportProgress(i, Reports);
            }

            return Task.FromResult("done");
        });
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WaitAsync().Patiently();

        double[] steps = [.. (await CollectAsync(handle.WatchAsync())).OfType<TaskProgressEvent>().Select(e => e.Progress.Step)];

        Assert.Equal([1, Reports], steps); // the clock stands: the first at once, and the last before the end
        Assert.Equal(Reports, (await handle.GetAsync())!.Value.Progress!.Count);
    }

    [Fact]
    public async Task Watch_ProgressThatFallsSilent_IsToldWhenItsTimeHasCome()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create((task, context) =>
        {
            context.ReportProgress(1, 3);
            context.ReportProgress(2, 3);
            return gate.HandleAsync(task, context);
        });
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;

        fixture.Clock.Advance(TimeSpan.FromMilliseconds(100));

        var steps = new List<double>();
        await foreach (TaskProgressEvent progress in handle.WatchAsync().OfType<TaskProgressEvent>())
        {
            steps.Add(progress.Progress.Step);
            if (steps.Count == 2)
            {
                break;
            }
        }

        Assert.Equal([1, 2], steps);
        gate.Open();
    }

    [Fact]
    public async Task Log_MoreLinesThanAreKept_KeepsTheLastAndCountsTheRest()
    {
        await using var fixture = EngineFixture.Create(
            (_, context) =>
            {
                for (int i = 1; i <= 25; i++)
                {
                    context.Logger.Log(i % 5 == 0 ? LogLevel.Warning : LogLevel.Information, "line {Number}", i);
                }

                return Task.FromResult("done");
            },
            options => options.MaxLogEntries = 20);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WaitAsync().Patiently();

        TaskLogPage first = (await fixture.Tasks.ReadLogAsync(handle.Id, limit: 15))!;
        TaskLogPage second = (await fixture.Tasks.ReadLogAsync(handle.Id, first.Next!.Value))!;
        TaskLogPage warnings = (await fixture.Tasks.ReadLogAsync(handle.Id, least: LogLevel.Warning))!;

        Assert.Equal((5, "line 6", 15), (first.Dropped, first.Items[0].Message, first.Items.Count));
        Assert.Equal((null, "line 25", 5), (second.Next, second.Items[^1].Message, second.Items.Count));
        Assert.Equal([10, 15, 20, 25], warnings.Items.Select(line => line.Sequence));
    }

    [Fact]
    public async Task Log_WrittenByAnEndedAttempt_ChangesNothing()
    {
        TaskContext? stray = null;
        await using var fixture = EngineFixture.Create((_, context) =>
        {
            stray = context;
            return Task.FromResult("done");
        });
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WaitAsync().Patiently();

        stray!.Logger.LogInformation("late");
        stray.ReportProgress(1, 1);

        Assert.Empty((await fixture.Tasks.ReadLogAsync(handle.Id))!.Items);
        Assert.Null((await handle.GetAsync())!.Value.Progress);
        Assert.Equal("completed", Describe((await CollectAsync(handle.WatchAsync()))[^1]));
    }

    [Fact]
    public async Task Watch_WhileThousandsEnd_EveryStreamHasExactlyOneFinalEvent()
    {
        await using var fixture = EngineFixture.Create(async (_, _) =>
        {
            await Task.Yield();
            return "done";
        });
        IReadOnlyList<TaskHandle<string>> handles = await fixture.Tasks.SubmitManyAsync(Enumerable.Range(0, 500).Select(_ => new Work(string.Empty)));

        List<TaskEvent>[] streams = await Task.WhenAll(handles.Select(handle => Task.Run(() => CollectAsync(handle.WatchAsync())))).Patiently();

        Assert.All(streams, events =>
        {
            Assert.Equal("completed", Describe(events[^1]));
            Assert.Single(events, e => e is TaskStatusEvent { State: TaskState.Completed });
        });
    }

    private static string Describe(TaskEvent happened) => happened switch
    {
        TaskStatusEvent status => status.State.WireName(),
        TaskProgressEvent progress => progress.Progress.Message!,
        TaskLogEvent log => log.Message,
        _ => "reset",
    };

    internal static async Task<List<TaskEvent>> CollectAsync(IAsyncEnumerable<TaskEvent> events)
    {
        using var bound = new CancellationTokenSource(Patience.Generous, TimeProvider.System);
        var collected = new List<TaskEvent>();
        await foreach (TaskEvent happened in events.WithCancellation(bound.Token))
        {
            collected.Add(happened);
        }

        return collected;
    }
}

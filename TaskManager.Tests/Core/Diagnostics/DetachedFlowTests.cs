using System.Diagnostics;
using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Core.Diagnostics;

/// <summary>Nothing of whoever submits, moves or scales flows into the handlers: not their span, and nothing else that an asynchronous flow carries.</summary>
[Collection(ListensToSpans.Name)]
public sealed class DetachedFlowTests
{
    private static readonly AsyncLocal<string?> Flowing = new();

    private readonly List<(string Task, string? Flowing, Activity? Span)> _seen = []; // guarded by itself

    [Fact]
    public async Task Handler_OfTasksThatBeginInEveryWay_SeesNothingOfTheRequest()
    {
        Flowing.Value = "request";
        using Activity request = new Activity("request").Start();
        var proceed = new SemaphoreSlim(0);
        await using var fixture = EngineFixture.Create(
            async (task, context) =>
            {
                See(task);
                if (task.Name == "paused" && context.Attempt == 1)
                {
                    await proceed.WaitAsync(context.CancellationToken);
                    await context.CheckpointAsync();
                    See(task with { Name = "resumed" });
                }

                return task.Name == "retried" && context.Attempt == 1 ? throw new TaskAttemptException("again", "Again.") { RetryAfter = TimeSpan.FromSeconds(10) } : "done";
            },
            options => (options.MaxConcurrency, options.MaxAttempts) = (1, 2));

        TaskHandle<string> first = await fixture.SubmitAsync("first"); // which starts the manager, in a program without a host
        await first.WaitAsync().Patiently();
        TaskHandle<string> paused = await fixture.SubmitAsync("paused");
        await paused.WhenAsync(TaskState.Processing).Patiently();
        await paused.PauseAsync();
        proceed.Release();
        await paused.WhenAsync(TaskState.Paused).Patiently();
        TaskHandle<string> after = await fixture.SubmitAsync("after"); // in the slot that was given away
        await after.WaitAsync().Patiently();
        await paused.ResumeAsync();
        await paused.WaitAsync().Patiently();
        fixture.Pool.Stop();
        TaskHandle<string> stopped = await fixture.SubmitAsync("stopped");
        fixture.Pool.Scale(2);
        fixture.Pool.Start();
        await stopped.WaitAsync().Patiently();
        TaskHandle<string> retried = await fixture.SubmitAsync("retried");
        await retried.WhenAsync(TaskState.Scheduled).Patiently();
        TaskHandle<string> delayed = await fixture.SubmitAsync("delayed", new SubmitOptions { Delay = TimeSpan.FromSeconds(10) });
        AdvanceElsewhere(fixture.Clock, TimeSpan.FromSeconds(10));
        await retried.WaitAsync().Patiently();
        await delayed.WaitAsync().Patiently();

        Assert.Equal(["after", "delayed", "first", "paused", "resumed", "retried", "retried", "stopped"], _seen.Select(each => each.Task).Order());
        Assert.All(_seen, each => Assert.Equal((null, null), (each.Flowing, each.Span))); // nobody listens: not even a span of its own
        Assert.Equal(("request", request), (Flowing.Value, Activity.Current));
    }

    [Fact]
    public async Task Handler_AfterOneThatLeftSomethingBehind_SeesNothingOfIt()
    {
        await using var fixture = EngineFixture.Create(
            (task, _) =>
            {
                See(task);
                Flowing.Value = task.Name; // not awaited: on the very flow that entered the handler
                new Activity("left behind").Start();
                return Task.FromResult("done");
            },
            options => options.MaxConcurrency = 1);
        foreach (string name in (string[])["a", "b", "c"])
        {
            await (await fixture.SubmitAsync(name)).WaitAsync().Patiently();
        }

        Assert.Equal([("a", null, null), ("b", null, null), ("c", null, null)], _seen);
    }

    [Fact]
    public async Task Change_ToldByATimer_SeesNothingOfTheRequest()
    {
        Flowing.Value = "request";
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"), options => options.Retention = TimeSpan.FromSeconds(5));
        var told = new List<(TaskState State, string? Flowing)>();
        fixture.Store.Changed += change => told.Add((change.Record.State, Flowing.Value));
        TaskHandle<string> handle = await fixture.SubmitAsync(options: new SubmitOptions { Delay = TimeSpan.FromSeconds(10) });
        AdvanceElsewhere(fixture.Clock, TimeSpan.FromSeconds(10));
        await handle.WaitAsync().Patiently();
        await fixture.Tasks.WhenIdleAsync().Patiently(); // inside the store's gate, where the last change may be being told
        Assert.Equal([(TaskState.Scheduled, "request"), (TaskState.Queued, null), (TaskState.Processing, null), (TaskState.Completed, null)], told);
    }

    /// <summary>Moves the clock from a flow of its own, as the system's timers fire.</summary>
    private static void AdvanceElsewhere(ManualClock clock, TimeSpan time)
    {
        var thread = new Thread(() => clock.Advance(time));
        thread.UnsafeStart();
        thread.Join();
    }

    private void See(Work task)
    {
        lock (_seen)
        {
            _seen.Add((task.Name, Flowing.Value, Activity.Current));
        }
    }
}

using Microsoft.Extensions.DependencyInjection;
using TaskManager.Types;

namespace TaskManager.Tests.Core.Engine;

public sealed class ShutdownTests
{
    [Fact]
    public async Task Stop_WithRunningAndQueued_GivesTheRunningTheirTimeAndFailsTheRest()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync, options => options.MaxConcurrency = 1);
        TaskHandle<string> running = await fixture.SubmitAsync();
        await gate.Entered;
        TaskHandle<string> queued = await fixture.SubmitAsync();

        Task stopping = fixture.Engine.StopAsync();
        await Patience.UntilAsync(() => !fixture.Pool.Status.IsRunning); // a moment after submissions are refused

        Assert.Equal("stopping", fixture.Tasks.Readiness.Reason);
        Assert.IsType<SubmitResult.Stopping>(await fixture.Tasks.TrySubmitAsync(new TaskRequest("work", new Work(string.Empty))));
        await Assert.ThrowsAsync<TaskManagerStoppingException>(() => fixture.SubmitAsync());
        gate.Open();
        await stopping.Patiently();
        Assert.Equal("done", await running.WaitAsync().Patiently());
        TaskFailedException lost = await Assert.ThrowsAsync<TaskFailedException>(() => queued.WaitAsync().Patiently());
        Assert.Equal(TaskErrorCodes.Shutdown, lost.Error!.Code);
        Assert.Equal(1, gate.Entries);
    }

    [Fact]
    public async Task Stop_HandlerThatHonoursItsToken_FailsAfterTheDrainTimeout()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync, KeepAll, HaveTime);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;
        await AdvanceUntilAsync(fixture.Clock, TimeSpan.FromSeconds(25), fixture.Engine.StopAsync());

        TaskOutcome<string> outcome = await handle.OutcomeAsync().Patiently();

        Assert.Equal((TaskState.Failed, TaskErrorCodes.Shutdown), (outcome.State, outcome.Error!.Code));
    }

    [Fact]
    public async Task Stop_HandlerThatIgnoresItsToken_EndsAllTheSame()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleStubbornlyAsync, KeepAll, HaveTime);
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await gate.Entered;

        await AdvanceUntilAsync(fixture.Clock, TimeSpan.FromSeconds(1), fixture.Engine.StopAsync());

        Assert.Equal(TaskErrorCodes.Shutdown, (await handle.OutcomeAsync().Patiently()).Error!.Code);
        gate.Open();
    }

    [Fact]
    public async Task Stop_Suspended_WakesAndFails()
    {
        await using var fixture = EngineFixture.Create(async (_, context) =>
        {
            while (true)
            {
                await context.CheckpointAsync();
                await Task.Yield();
            }
        });
        TaskHandle<string> handle = await fixture.SubmitAsync();
        await handle.WhenAsync(TaskState.Processing).Patiently();
        await handle.PauseAsync();
        await handle.WhenAsync(TaskState.Paused).Patiently();

        await fixture.Engine.StopAsync().Patiently(); // no slot is busy: nothing to wait for

        Assert.Equal(TaskErrorCodes.Shutdown, (await handle.OutcomeAsync().Patiently()).Error!.Code);
        Assert.Equal(0, fixture.Pool.Status.Suspended);
    }

    [Fact]
    public async Task Stop_CallbackOfTheStoppingTokenThrows_DrainsAllTheSame()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(
            gate.HandleAsync,
            options =>
            {
                KeepAll(options);
                options.MaxConcurrency = 1;
            },
            HaveTime);
        await fixture.SubmitAsync();
        await gate.Entered;
        TaskHandle<string> queued = await fixture.SubmitAsync();
        fixture.Tasks.Stopping.Register(() => throw new InvalidOperationException("a callback of the application"));

        await AdvanceUntilAsync(fixture.Clock, TimeSpan.FromSeconds(1), fixture.Engine.StopAsync());

        Assert.Equal(TaskErrorCodes.Shutdown, (await queued.OutcomeAsync().Patiently()).Error!.Code);
    }

    [Fact]
    public async Task Stop_CallbackOfTheStoppingTokenWaitsForATask_DrainsAllTheSame()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously); // the callback holds up its thread alone
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"), KeepAll, HaveTime);
        TaskHandle<string> delayed = await fixture.SubmitAsync(options: new SubmitOptions { Delay = TimeSpan.FromDays(10_000) });
        fixture.Tasks.Stopping.Register(() => ended.Task.Wait(TestContext.Current.CancellationToken));

        Task stopping = AdvanceUntilAsync(fixture.Clock, TimeSpan.FromSeconds(1), fixture.Engine.StopAsync());

        Assert.Equal(TaskErrorCodes.Shutdown, (await delayed.OutcomeAsync().Patiently()).Error!.Code);
        ended.SetResult();
        await stopping;
    }

    [Fact]
    public async Task Stopping_AfterTheEnd_StillSaysSo()
    {
        var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        await fixture.DisposeAsync();
        bool isTold = false;
        await using CancellationTokenRegistration registration = fixture.Tasks.Stopping.Register(() => isTold = true);

        Assert.True(fixture.Tasks.Stopping.IsCancellationRequested);
        Assert.True(isTold);
    }

    [Fact]
    public async Task Stop_FromManyThreads_EndsOnce()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        await (await fixture.SubmitAsync()).WaitAsync().Patiently();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(fixture.Engine.StopAsync))).Patiently();

        fixture.Pool.Start();
        Assert.False(fixture.Pool.Status.IsRunning);
    }

    [Fact]
    public async Task StartAndStop_ManyRounds_LeaveNothingBehind()
    {
        var clock = new ManualClock();
        for (int round = 0; round < 200; round++)
        {
            await using ServiceProvider provider = new ServiceCollection()
                .AddSingleton<TimeProvider>(clock)
                .AddTaskManager()
                .AddHandler("work", (Work task, TaskContext _) => task.Name)
                .Services.BuildServiceProvider();
            var tasks = provider.GetRequiredService<ITaskManager>();
            Assert.Equal("x", await (await tasks.SubmitAsync(new Work("x"))).WaitAsync().Patiently());
        }

        await Patience.UntilAsync(() => clock.ActiveTimers == 0); // a wait disposes its timer a moment after it is over
    }

    [Fact]
    public async Task Submit_WhileItStops_EveryAcceptedTaskEnds()
    {
        await using var fixture = EngineFixture.Create(
            async (task, _) =>
            {
                await Task.Yield();
                return task.Name;
            },
            options => (options.Retention, options.MaxRetained) = (TimeSpan.FromDays(1), 10_000_000)); // all are looked at afterwards
        var handles = new System.Collections.Concurrent.ConcurrentBag<TaskHandle<string>>();
        Task[] submitters = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    handles.Add(await fixture.SubmitAsync("x"));
                }
            }
            catch (TaskManagerStoppingException)
            {
                // told so: nothing was accepted
            }
        }))];
        await Patience.UntilAsync(() => handles.Count > 1_000);

        await fixture.Engine.StopAsync().Patiently(); // the clock stands: no time-out comes between
        await Task.WhenAll(submitters).Patiently();

        foreach (TaskHandle<string> handle in handles)
        {
            TaskRecord record = await handle.WhenEndedAsync().Patiently();
            Assert.True(record.State == TaskState.Completed || record.Status.Error!.Code == TaskErrorCodes.Shutdown);
        }
    }

    // However far the clock is moved until what runs on other threads has seen it.
    private static void KeepAll(TaskManagerOptions options) => options.Retention = OptionRanges.LongestTimeout;

    private static void HaveTime(TaskTypeOptions type) => type.Timeout = Timeout.InfiniteTimeSpan;

    private static async Task AdvanceUntilAsync(ManualClock clock, TimeSpan step, Task done)
    {
        await Patience.UntilAsync(() =>
        {
            clock.Advance(step);
            return done.IsCompleted;
        });
        await done;
    }
}

using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace TaskManager.Tests.Docs;

/// <summary>Runs what <c>docs/testing.md</c> shows, line by line the same.</summary>
[Trait("Proof", "readme")]
public sealed class TestingGuideTests : IAsyncLifetime
{
    // Named as in the guide.
    private readonly ManualClock clock = new();
    private ServiceProvider? _services;
    private ITaskManager tasks = null!;

    public ValueTask InitializeAsync()
    {
        // test: arrange
        ServiceProvider services = new ServiceCollection()
            .AddSingleton<TimeProvider>(clock)
            .AddTaskManager()
            .AddHandler("import", async (Import task, TaskContext context) =>
            {
                await Task.Delay(TimeSpan.FromHours(2), context.Clock, context.CancellationToken);
                return new Imported(task.Rows);
            })
            .Services.BuildServiceProvider();
        tasks = services.GetRequiredService<ITaskManager>();
        _services = services;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _services!.DisposeAsync();

    [Fact]
    public async Task Time_out()
    {
        // test: time-out
        TaskHandle<Imported> import = await tasks.SubmitAsync(new Import(10), new SubmitOptions { Timeout = TimeSpan.FromMinutes(5) });
        await import.WhenAsync(TaskState.Processing);      // the handler is about to run: now the clock may move
        clock.Advance(TimeSpan.FromMinutes(5));
        TaskOutcome<Imported> outcome = await import.OutcomeAsync();
        Assert.Equal(TaskState.TimedOut, outcome.State);
    }

    [Fact]
    public async Task Delay()
    {
        // test: delay
        TaskHandle<Imported> later = await tasks.SubmitAsync(new Import(10), new SubmitOptions { Delay = TimeSpan.FromDays(7) });
        clock.Advance(TimeSpan.FromDays(6));
        await tasks.WhenIdleAsync();                        // nothing is queued or processing
        Assert.Equal(TaskState.Scheduled, (await later.GetAsync())?.State);
        clock.Advance(TimeSpan.FromDays(1));
        await later.WhenAsync(TaskState.Processing);
    }

    [Fact]
    public async Task Retention()
    {
        // test: retention
        TaskHandle<Imported> kept = await tasks.SubmitAsync(new Import(10));
        await kept.CancelAsync();
        await kept.WhenEndedAsync();
        clock.Advance(TimeSpan.FromMinutes(9));
        Assert.NotNull(await kept.GetAsync());
        clock.Advance(TimeSpan.FromMinutes(1));             // ten minutes after the end
        Assert.Null(await kept.GetAsync());
    }

    [Fact]
    public async Task Handler_alone()
    {
        // test: handler alone
        TaskContext context = Substitute.For<TaskContext>();
        context.Clock.Returns(clock);
        Task<Imported> running = new ImportHandler().HandleAsync(new Import(10), context);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(new Imported(10), await running);
    }

    private sealed class ImportHandler : ITaskHandler<Import, Imported>
    {
        public async Task<Imported> HandleAsync(Import task, TaskContext context)
        {
            await Task.Delay(TimeSpan.FromHours(2), context.Clock, context.CancellationToken);
            return new Imported(task.Rows);
        }
    }
}

public sealed record Import(int Rows) : ITaskParameters<Imported>;

public sealed record Imported(int Rows);

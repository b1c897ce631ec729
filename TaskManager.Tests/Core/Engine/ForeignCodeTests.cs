using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TaskManager.Tests.Core.Engine;

/// <summary>Whatever an exception, a log or a listener of the application does, the slot comes free and the next task runs.</summary>
public sealed class ForeignCodeTests : IAsyncDisposable
{
    private EngineFixture? _fixture;

    public ValueTask DisposeAsync() => _fixture?.DisposeInTimeAsync() ?? default;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fail_ExceptionWithoutAMessage_FailsTheTaskAndFreesTheSlot(bool throws)
    {
        EngineFixture fixture = Create(task => task.Name == "bad" ? throw new MuteException(throws) : "good");
        TaskHandle<string> bad = await fixture.SubmitAsync("bad");

        TaskRecord ended = await bad.WhenEndedAsync().Patiently();

        Assert.Equal((TaskState.Failed, TaskErrorCodes.HandlerFailed), (ended.State, ended.Status.Error?.Code));
        Assert.Equal(typeof(MuteException).FullName, ended.Status.Error?.Type);
        await AssertTheSlotIsFreeAsync(fixture);
    }

    [Fact]
    public async Task Complete_ResultThatCannotSayWhyItCannotBeWritten_FailsTheTaskAndFreesTheSlot()
    {
        EngineFixture fixture = Create(task => task.Name, builder => builder.AddHandler("odd", (Odd _, TaskContext _) => Task.FromResult(new Unwritable(throws: true))));
        var accepted = Assert.IsType<SubmitResult.Accepted>(await fixture.Tasks.TrySubmitAsync(new TaskRequest("odd", new JsonPayload("{}"u8.ToArray(), new Odd()))));

        TaskRecord ended = await fixture.Tasks.GetHandle(accepted.Task.Id).WhenEndedAsync().Patiently();

        Assert.Equal((TaskState.Failed, TaskErrorCodes.ResultNotSerializable), (ended.State, ended.Status.Error?.Code));
        await AssertTheSlotIsFreeAsync(fixture);
    }

    [Fact]
    public async Task Fail_LogThatThrows_FreesTheSlot()
    {
        EngineFixture fixture = Create(task => task.Name == "bad" ? throw new FormatException("no good") : "good", UseThrowingLog);
        TaskHandle<string> bad = await fixture.SubmitAsync("bad");

        Assert.Equal(TaskState.Failed, (await bad.WhenEndedAsync().Patiently()).State);
        await AssertTheSlotIsFreeAsync(fixture);
    }

    [Fact]
    public async Task Abandon_LogThatThrows_GivesTheSlotAway()
    {
        var gate = new Gate();
        EngineFixture fixture = _fixture = EngineFixture.Create(
            (task, context) => task.Name == "bad" ? gate.HandleStubbornlyAsync(task, context) : Task.FromResult("good"), OneSlot, more: UseThrowingLog);
        TaskHandle<string> bad = await fixture.SubmitAsync("bad");
        await gate.Entered;
        await bad.CancelAsync();

        fixture.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(TaskState.Cancelled, (await bad.WhenEndedAsync().Patiently()).State);
        await Patience.UntilAsync(() => fixture.Pool.Status.Abandoned == 1);
        await AssertTheSlotIsFreeAsync(fixture);
        gate.Open();
        await Patience.UntilAsync(() => fixture.Pool.Status.Abandoned == 0);
    }

    [Theory]
    [InlineData("taskmanager.task.wait.duration")]
    [InlineData("taskmanager.attempt.duration")]
    public async Task Run_MeterListenerThatThrows_EndsTheTaskAndFreesTheSlot(string instrument)
    {
        var factory = new MeterFactory();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (published, self) =>
        {
            if (published.Name == instrument && ReferenceEquals(published.Meter.Scope, factory))
            {
                self.EnableMeasurementEvents(published);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("no good listener"));
        listener.Start();
        EngineFixture fixture = Create(task => task.Name, builder => builder.Services.AddSingleton<IMeterFactory>(factory));

        Assert.Equal("first", await (await fixture.SubmitAsync("first")).WaitAsync().Patiently());
        await AssertTheSlotIsFreeAsync(fixture);
    }

    private EngineFixture Create(Func<Work, string> handle, Action<TaskManagerBuilder>? more = null) =>
        _fixture = EngineFixture.Create(
            async (task, _) =>
            {
                await Task.Yield();
                return handle(task);
            },
            OneSlot,
            more: more);

    private static void OneSlot(TaskManagerOptions options) => options.MaxConcurrency = 1;

    private static void UseThrowingLog(TaskManagerBuilder builder) => builder.Services.AddLogging(logging => logging.AddProvider(new ThrowingLog()));

    private static async Task AssertTheSlotIsFreeAsync(EngineFixture fixture)
    {
        Assert.Equal(TaskState.Completed, (await (await fixture.SubmitAsync("next")).OutcomeAsync().Patiently()).State);
        await Patience.UntilAsync(() => fixture.Pool.Status is { Busy: 0, Suspended: 0 });
    }

    private sealed record Odd;

    private sealed class Unwritable(bool throws)
    {
        public string Value => throw new MuteException(throws);
    }

    private sealed class MuteException(bool throws) : Exception
    {
        public override string Message => throws ? throw new InvalidOperationException("no message") : null!;
    }

    /// <summary>A log that takes the good news only.</summary>
    private sealed class ThrowingLog : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
            {
                throw new InvalidOperationException("no good log");
            }
        }

        public void Dispose()
        {
        }
    }
}

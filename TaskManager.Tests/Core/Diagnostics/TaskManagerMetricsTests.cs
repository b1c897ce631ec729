using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.Diagnostics;
using TaskManager.Tests.Core.Engine;
using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Diagnostics;

public sealed class TaskManagerMetricsTests : IDisposable
{
    private static readonly Dictionary<TaskState, string> StateNames = new()
    {
        [TaskState.Scheduled] = "scheduled",
        [TaskState.Blocked] = "blocked",
        [TaskState.Queued] = "queued",
        [TaskState.Processing] = "processing",
        [TaskState.Paused] = "paused",
        [TaskState.Completed] = "completed",
        [TaskState.Failed] = "failed",
        [TaskState.TimedOut] = "timed_out",
        [TaskState.Cancelled] = "cancelled",
    };

    private static readonly Dictionary<AttemptOutcome, string?> OutcomeNames = new()
    {
        [AttemptOutcome.None] = null,
        [AttemptOutcome.Completed] = "completed",
        [AttemptOutcome.Failed] = "failed",
        [AttemptOutcome.TimedOut] = "timed_out",
        [AttemptOutcome.Cancelled] = "cancelled",
        [AttemptOutcome.Released] = "released",
        [AttemptOutcome.LeaseExpired] = "lease_expired",
    };

    private readonly MeterFactory _factory = new();
    private readonly TypeTallies _tallies = new(maxTypes: 3);
    private readonly MeterReadings _readings;
    private readonly TaskManagerMetrics _metrics;
    private TaskStatistics _statistics = Statistics();

    public TaskManagerMetricsTests()
    {
        _readings = new MeterReadings(_factory);
        _metrics = new TaskManagerMetrics(_factory, _tallies, () => new ValueTask<TaskStatistics>(_statistics));
    }

    public static TheoryData<TaskState> States => [.. Enum.GetValues<TaskState>()];

    public static TheoryData<AttemptOutcome> Outcomes => [.. Enum.GetValues<AttemptOutcome>()];

    public void Dispose()
    {
        _metrics.Dispose();
        _readings.Dispose();
        _factory.Dispose();
    }

    [Fact]
    public void Instruments_Always_AreTheseWithTheirUnits()
    {
        string[] instruments = [.. _readings.Instruments.OrderBy(instrument => instrument.Name, StringComparer.Ordinal).Select(instrument => $"{instrument.Name} [{instrument.Unit}] {KindOf(instrument)}")];
        Assert.Equal(
            [
                "taskmanager.attempt.duration [s] Histogram of Double",
                "taskmanager.bound.max [{item}] ObservableUpDownCounter of Int64",
                "taskmanager.bound.used [{item}] ObservableUpDownCounter of Int64",
                "taskmanager.lease.expirations [{lease}] ObservableCounter of Int64",
                "taskmanager.pool.busy [{slot}] ObservableUpDownCounter of Int64",
                "taskmanager.pool.slots [{slot}] ObservableUpDownCounter of Int64",
                "taskmanager.reports.late [{report}] ObservableCounter of Int64",
                "taskmanager.submission.refusals [{submission}] Counter of Int64",
                "taskmanager.submissions [{task}] ObservableCounter of Int64",
                "taskmanager.task.wait.duration [s] Histogram of Double",
                "taskmanager.tasks [{task}] ObservableUpDownCounter of Int64",
                "taskmanager.tasks.ended [{task}] ObservableCounter of Int64",
                "taskmanager.tasks.removed [{task}] ObservableCounter of Int64",
            ],
            instruments);
        Assert.All(_readings.Instruments, instrument => Assert.EndsWith(".", instrument.Description, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Tasks_OfAState_AreTaggedWithItsName(TaskState state)
    {
        _statistics = Statistics(new Dictionary<TaskState, long> { [state] = 7 });
        MeterReading reading = Assert.Single(_readings.Observe("taskmanager.tasks"));
        Assert.Equal((7, "work", StateNames[state]), (reading.Value, reading["taskmanager.task.type"], reading["taskmanager.task.state"]));
        Assert.Equal(2, reading.Tags.Count);
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Ended_InAState_IsCountedUnderItsNameIfItIsFinal(TaskState state)
    {
        _tallies.Record(new TaskChange(new TaskRecord(Task(), new LifecycleStatus { State = state }), TaskState.Processing, default));
        MeterReading[] counted = [.. _readings.Observe("taskmanager.tasks.ended").Where(reading => reading.Value != 0)];
        Assert.Equal(state.IsFinal() ? [(1d, "work", StateNames[state])] : [], counted.Select(reading => (reading.Value, reading["taskmanager.task.type"], reading["taskmanager.task.state"])));
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void AttemptEnded_InAnyWay_IsMeasuredUnderItsName(AttemptOutcome outcome)
    {
        var attempt = new TaskAttempt(1, "internal-1", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, outcome, Error: null);
        _metrics.AttemptEnded(new TaskRecord(Task(), new LifecycleStatus { State = TaskState.Queued, EarlierAttempts = [attempt], RanBefore = TimeSpan.FromSeconds(2.5) }));
        MeterReading[] measured = _readings.Of("taskmanager.attempt.duration");
        Assert.Equal(
            OutcomeNames[outcome] is { } name ? [(2.5, "work", name)] : [],
            measured.Select(reading => (reading.Value, (string)reading["taskmanager.task.type"]!, (string)reading["taskmanager.attempt.outcome"]!)));
        Assert.All(measured, reading => Assert.Equal(2, reading.Tags.Count));
    }

    [Fact]
    public void Totals_Always_AreThoseOfTheStatistics()
    {
        _statistics = Statistics() with { LeaseExpirations = 11, LateReports = 12, Pool = new PoolStatus(IsRunning: true, 13, 14, 0, 0), Bounds = new Dictionary<string, BoundUsage> { ["queue"] = new(15, 16) } };
        Assert.Equal(
            [10, 11, 12, 13, 14, 15, 16],
            ((string[])["tasks.removed", "lease.expirations", "reports.late", "pool.slots", "pool.busy", "bound.used", "bound.max"]).Select(name => Assert.Single(_readings.Observe($"taskmanager.{name}")).Value));
        Assert.Equal("queue", Assert.Single(_readings.Observe("taskmanager.bound.used"))["taskmanager.bound"]);
    }

    [Fact]
    public async Task Observe_StoreThatTakesItsTime_TellsTheFiguresBeforeAndThenTheNewOnes()
    {
        using var factory = new MeterFactory();
        using var readings = new MeterReadings(factory);
        var asked = new TaskCompletionSource<TaskStatistics>();
        using var metrics = new TaskManagerMetrics(factory, _tallies, () => new ValueTask<TaskStatistics>(asked.Task));
        Assert.Equal(0, Assert.Single(readings.Observe("taskmanager.tasks.removed")).Value);
        asked.SetResult(Statistics());
        await Patience.UntilAsync(() => Assert.Single(readings.Observe("taskmanager.tasks.removed")).Value == 10);
    }

    [Fact]
    public async Task Observe_WhileTheEngineIsMade_TellsNothingYet()
    {
        using var factory = new MeterFactory();
        int published = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    published++;
                    own.EnableMeasurementEvents(instrument);
                    own.RecordObservableInstruments();
                }
            },
        };
        listener.Start();

        await using var fixture = EngineFixture.Create((task, _) => System.Threading.Tasks.Task.FromResult(task.Name), more: builder => builder.Services.AddSingleton<IMeterFactory>(factory));

        Assert.True(published > 0);
    }

    [Fact]
    public async Task Refused_ListenerThatThrows_IsAnsweredBesideWhatWasAdmitted()
    {
        using var factory = new MeterFactory();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && !instrument.IsObservable)
                {
                    own.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException("no good listener"));
        listener.Start();
        await using var fixture = EngineFixture.Create((task, _) => System.Threading.Tasks.Task.FromResult(task.Name), more: builder => builder.Services.AddSingleton<IMeterFactory>(factory));

        IReadOnlyList<SubmitResult> results = await fixture.Tasks.TrySubmitManyAsync([new TaskRequest("work", new Work("good"), Options: null), new TaskRequest("none", Parameters: null, Options: null)], atomic: false);

        Assert.IsType<SubmitResult.Accepted>(results[0]);
        Assert.IsType<SubmitResult.UnknownType>(results[1]);
    }

    [Fact]
    public void Dispose_MeterOfItsOwn_EndsIt()
    {
        using var readings = new MeterReadings(scope: null);
        int others = readings.Instruments.Length; // of task managers in other tests
        var metrics = new TaskManagerMetrics(meters: null, _tallies, () => new ValueTask<TaskStatistics>(_statistics));
        Assert.InRange(readings.Instruments.Length, others + _readings.Instruments.Length, int.MaxValue);
        _statistics = Statistics() with { LeaseExpirations = 987_654 };
        Assert.Contains(readings.Observe("taskmanager.lease.expirations"), reading => reading.Value == 987_654);
        metrics.Dispose();
        Assert.DoesNotContain(readings.Observe("taskmanager.lease.expirations"), reading => reading.Value == 987_654);
    }

    private static string KindOf(Instrument instrument) => $"{instrument.GetType().Name[..^2]} of {instrument.GetType().GetGenericArguments()[0].Name}";

    private static TaskStatistics Statistics(IReadOnlyDictionary<TaskState, long>? states = null) => new()
    {
        Counts = new TaskCounts
        {
            Accepted = 20,
            Removed = 10,
            StoredBytes = 0,
            IdempotencyKeys = 0,
            ByType = states is null ? new Dictionary<string, IReadOnlyDictionary<TaskState, long>>() : new Dictionary<string, IReadOnlyDictionary<TaskState, long>> { ["work"] = states },
            ByState = new Dictionary<TaskState, long>(),
        },
        ThroughputPerSecond = 0,
        SuccessRate = null,
        Wait = new DurationPercentiles(P50: null, P95: null, P99: null),
        Run = new DurationPercentiles(P50: null, P95: null, P99: null),
        Pool = new PoolStatus(IsRunning: true, 5, 0, 0, 0),
        QueuedForPool = 0,
        LeaseExpirations = 0,
        LateReports = 0,
        Bounds = new Dictionary<string, BoundUsage>(),
    };
}

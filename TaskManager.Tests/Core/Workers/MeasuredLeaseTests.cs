using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.Tests.Core.Diagnostics;
using static TaskManager.Tests.Core.Workers.WorkerFixture;

namespace TaskManager.Tests.Core.Workers;

/// <summary>Each attempt of a worker is measured once when it begins and once when it ends, however it does.</summary>
public sealed class MeasuredLeaseTests : IDisposable
{
    private readonly MeterFactory _factory = new();
    private readonly MeterReadings _readings;

    public MeasuredLeaseTests() => _readings = new MeterReadings(_factory);

    public void Dispose()
    {
        _readings.Dispose();
        _factory.Dispose();
    }

    [Fact]
    public async Task Complete_AndItsRepetition_IsMeasuredOnce()
    {
        await using WorkerFixture fixture = await StartAsync();
        Guid id = await fixture.SubmitAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(3));
        TaskRecord claimed = Assert.Single(await fixture.ClaimAsync());
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        await fixture.CompleteAsync(claimed);
        await fixture.CompleteAsync(claimed);
        await fixture.ReleaseAsync(claimed); // too late
        await AssertMeasuredAsync(fixture, id, "completed");
        Assert.Equal((3, 5), (Assert.Single(_readings.Of("taskmanager.task.wait.duration")).Value, Assert.Single(_readings.Of("taskmanager.attempt.duration")).Value));
        Assert.Equal(1, Assert.Single(_readings.Observe("taskmanager.reports.late")).Value);
    }

    [Fact]
    public async Task Release_ThenFail_MeasuresBoth()
    {
        await using WorkerFixture fixture = await StartAsync();
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.ReleaseAsync(claimed);
        await fixture.FailAsync(Assert.Single(await fixture.ClaimAsync()));
        await AssertMeasuredAsync(fixture, claimed.Id, "released", "failed");
    }

    [Fact]
    public async Task Lease_RunsOut_IsMeasured()
    {
        await using WorkerFixture fixture = await StartAsync();
        TaskRecord claimed = await fixture.StartAsync();
        fixture.Clock.Advance(Lease);
        await fixture.Tasks.GetHandle(claimed.Id).WhenAsync(TaskState.Queued).Patiently();
        await AssertMeasuredAsync(fixture, claimed.Id, "lease_expired");
        Assert.Equal(1, Assert.Single(_readings.Observe("taskmanager.lease.expirations")).Value);
    }

    [Fact]
    public async Task Register_NewIncarnation_MeasuresWhatTheOneBeforeHeld()
    {
        await using WorkerFixture fixture = await StartAsync();
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.RegisterAsync(incarnation: "second");
        await fixture.Engine.DueWork.DoAsync();
        await AssertMeasuredAsync(fixture, claimed.Id, "lease_expired");
    }

    [Fact]
    public async Task Leave_WithLeases_MeasuresThem()
    {
        await using WorkerFixture fixture = await StartAsync();
        TaskRecord claimed = await fixture.StartAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(2));
        await fixture.Workers.LeaveAsync(Worker, incarnation: null);
        await AssertMeasuredAsync(fixture, claimed.Id, "released");
        Assert.Equal(2, Assert.Single(_readings.Of("taskmanager.attempt.duration")).Value);
    }

    [Fact]
    public async Task Cancel_WorkerThatIgnoresIt_IsMeasuredWhenItIsAbandoned()
    {
        await using WorkerFixture fixture = await StartAsync(options => options.AbandonAfter = TimeSpan.FromSeconds(10));
        TaskRecord claimed = await fixture.StartAsync();
        await fixture.Tasks.CancelAsync(claimed.Id);
        fixture.Clock.Advance(TimeSpan.FromSeconds(10));
        await fixture.Tasks.GetHandle(claimed.Id).WhenEndedAsync().Patiently();
        await AssertMeasuredAsync(fixture, claimed.Id, "cancelled");
    }

    private Task<WorkerFixture> StartAsync(Action<TaskManagerOptions>? configure = null) => CreateAsync(configure, more: builder => builder.Services.AddSingleton<IMeterFactory>(_factory));

    private async Task AssertMeasuredAsync(WorkerFixture fixture, Guid id, params string[] outcomes)
    {
        Assert.Equal(outcomes, (await fixture.GetAsync(id)).Attempts().Select(attempt => attempt.OutcomeName));
        await Patience.UntilAsync(() => _readings.Of("taskmanager.attempt.duration").Length == outcomes.Length); // told right after the end
        Assert.Equal(outcomes, _readings.Of("taskmanager.attempt.duration").Select(reading => reading["taskmanager.attempt.outcome"]));
        Assert.Equal(outcomes.Length, _readings.Of("taskmanager.task.wait.duration").Length);
    }
}

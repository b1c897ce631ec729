using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TaskManager.Engine;
using TaskManager.Storage;

namespace TaskManager.Tests.Core.Workers;

/// <summary>A task manager on a manual clock, with a type that workers run and one registered worker.</summary>
internal sealed class WorkerFixture : IAsyncDisposable
{
    public const string TypeName = "resize";
    public const string Worker = "worker-1-cpu";

    private readonly ServiceProvider _provider;

    private WorkerFixture(ServiceProvider provider, ManualClock clock)
    {
        _provider = provider;
        Clock = clock;
        Tasks = provider.GetRequiredService<ITaskManager>();
        Workers = provider.GetRequiredService<ITaskWorkers>();
        Engine = provider.GetRequiredService<TaskEngine>();
    }

    public static TimeSpan Lease => new TaskManagerOptions().LeaseDuration;

    public ManualClock Clock { get; }

    public ITaskManager Tasks { get; }

    public ITaskWorkers Workers { get; }

    public TaskEngine Engine { get; }

    public static async Task<WorkerFixture> CreateAsync(
        Action<TaskManagerOptions>? configure = null,
        Action<WorkerTaskTypeOptions>? type = null,
        Action<TaskManagerBuilder>? more = null,
        Func<ITaskStore, ITaskStore>? around = null)
    {
        var clock = new ManualClock();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock);
        if (around is not null)
        {
            services.AddSingleton(provider => around(new InMemoryTaskStore(provider.GetRequiredService<IOptions<TaskManagerOptions>>().Value, clock)));
        }

        TaskManagerBuilder builder = services.AddTaskManager(configure).AddWorkerTaskType(TypeName, type);
        more?.Invoke(builder);
        var fixture = new WorkerFixture(services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }), clock);
        await fixture.RegisterAsync();
        return fixture;
    }

    public async Task RegisterAsync(string worker = Worker, string incarnation = "first", params string[] types) => Assert.IsType<RegisterResult.Registered>(
        await Workers.RegisterAsync(new WorkerRegistration(worker, incarnation, types.Length == 0 ? [TypeName] : types)));

    public async Task<Guid> SubmitAsync(SubmitOptions? options = null, string type = TypeName) =>
        (await Tasks.SubmitAsync(type, JsonSerializer.SerializeToElement(new { width = 3 }), options)).Id;

    public async Task<IReadOnlyList<TaskRecord>> ClaimAsync(int max = 1, string worker = Worker)
    {
        ClaimAnswer answer = await Workers.ClaimAsync(worker, incarnation: null, max, TimeSpan.Zero);
        Assert.Equal(WorkerCallOutcome.Accepted, answer.Outcome);
        return answer.Tasks;
    }

    /// <summary>Submits a task and claims it.</summary>
    public async Task<TaskRecord> StartAsync(SubmitOptions? options = null)
    {
        Guid id = await SubmitAsync(options);
        TaskRecord claimed = Assert.Single(await ClaimAsync());
        Assert.Equal(id, claimed.Id);
        return claimed;
    }

    public async Task<TaskRecord> GetAsync(Guid id) => (await Tasks.GetAsync(id))!.Value;

    public async Task<LeaseDirective?> HeartbeatAsync(TaskRecord claimed, bool isPaused = false, JsonPayload? checkpoint = null, TimeSpan wait = default)
    {
        HeartbeatAnswer answer = await BeatAsync(wait, new LeaseReport(KeyOf(claimed), Progress: null, isPaused, checkpoint));
        return answer.Tasks is [var only] ? only.Directive : null;
    }

    public async Task<HeartbeatAnswer> BeatAsync(TimeSpan wait, params LeaseReport[] leases)
    {
        HeartbeatAnswer answer = await Workers.HeartbeatAsync(Worker, incarnation: null, leases, wait);
        Assert.Equal(WorkerCallOutcome.Accepted, answer.Outcome);
        return answer;
    }

    public ValueTask<TaskMove> CompleteAsync(TaskRecord claimed, string json = "{}") => Workers.CompleteAsync(claimed.Id, ProofOf(claimed, json), Payload(json));

    public ValueTask<TaskMove> FailAsync(TaskRecord claimed, bool isRetryable = true, TimeSpan? retryAfter = null) =>
        Workers.FailAsync(claimed.Id, ProofOf(claimed, "fail"), new TaskError("broken", "It broke."), isRetryable, retryAfter);

    public ValueTask<TaskMove> ReleaseAsync(TaskRecord claimed, JsonPayload? checkpoint = null) =>
        Workers.ReleaseAsync(claimed.Id, ProofOf(claimed, "release"), checkpoint);

    public static LeaseKey KeyOf(TaskRecord claimed) => new(claimed.Id, claimed.Status.Lease!.Token);

    public static LeaseProof ProofOf(TaskRecord claimed, string? fingerprint = null) => new(claimed.Status.Lease!.Token, claimed.Status.Attempt, fingerprint);

    public static JsonPayload Payload(string json) => new(System.Text.Encoding.UTF8.GetBytes(json), Value: null);

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}

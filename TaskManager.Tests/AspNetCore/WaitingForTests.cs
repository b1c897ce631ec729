namespace TaskManager.Tests.AspNetCore;

/// <summary><c>waiting_for</c>: why a task is not running, with what helps to see when it will.</summary>
[Trait("Proof", "http")]
public sealed class WaitingForTests
{
    private static readonly HttpAppSetup OneSlot = new() { Tasks = options => options.MaxConcurrency = 1 };

    [Fact]
    public async Task Slot_AllAreTaken()
    {
        await using HttpApp app = await HttpApp.StartAsync(OneSlot);
        string running = await app.SubmitRunningAsync();
        string queued = await app.SubmitAsync("gate");

        await AssertWaitsAsync(app, queued, "queued", """{"reason":"slot"}""");
        await AssertWaitsAsync(app, running, "processing", "null");
        app.Handlers.Release();
        await app.UntilAsync(queued, TaskState.Completed);
        await AssertWaitsAsync(app, queued, "completed", "null");
    }

    [Fact]
    public async Task RunAt_NotDueYet()
    {
        await using HttpApp app = await HttpApp.StartAsync(OneSlot);
        await AssertWaitsAsync(app, await app.SubmitAsync("gate", "{}", "\"delay_seconds\":90.5"), "scheduled", """{"reason":"run_at","until":"2026-01-01T00:01:30.5Z"}""");
        await AssertWaitsAsync(app, await app.SubmitAsync("gate", "{}", "\"run_at\":\"2026-02-01T00:00:00+01:00\""), "scheduled", """{"reason":"run_at","until":"2026-01-31T23:00:00Z"}""");
    }

    [Fact]
    public async Task RunAt_BacksOffBeforeItsNextAttempt()
    {
        await using HttpApp app = await HttpApp.StartAsync(OneSlot);
        string id = await app.SubmitAsync("flaky", """{"failures":1}""");
        await app.UntilAsync(id, TaskState.Scheduled);

        string until = (await app.GetAsync($"/tasks/{id}")).Member("waiting_for").GetProperty("until").GetString()!;

        DateTimeOffset moment = DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(moment - app.Clock.GetUtcNow(), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(12)); // 10 s ± 20 %
        app.Clock.Advance(moment - app.Clock.GetUtcNow());
        await app.UntilAsync(id, TaskState.Completed);
    }

    [Fact]
    public async Task Dependencies_UnfinishedParents()
    {
        await using HttpApp app = await HttpApp.StartAsync(OneSlot);
        string parent = await app.SubmitRunningAsync();
        await AssertWaitsAsync(app, await app.SubmitAsync("gate", "{}", $"\"depends_on\":[\"{parent}\"]"), "blocked", $$"""{"reason":"dependencies","task_ids":["{{parent}}"]}""");
    }

    [Fact]
    public async Task Paused_OnRequest()
    {
        await using HttpApp app = await HttpApp.StartAsync(OneSlot);
        string suspended = await app.SubmitRunningAsync("steps");
        Task<HttpAnswer> pausing = await app.BeginAsync(sender => sender.PostAsync($"/tasks/{suspended}/pause"));
        app.Handlers.Step();
        (await pausing).Is(200);
        await app.SubmitRunningAsync();
        string waiting = await app.SubmitAsync("gate");
        (await app.PostAsync($"/tasks/{waiting}/pause")).Is(200);

        await AssertWaitsAsync(app, suspended, "paused", """{"reason":"paused"}""");
        await AssertWaitsAsync(app, waiting, "paused", """{"reason":"paused"}""");
        (await app.PostAsync($"/tasks/{suspended}/resume")).Is(200);
        await AssertWaitsAsync(app, suspended, "queued", """{"reason":"slot"}"""); // it goes on when the one slot is free again
    }

    [Fact]
    public async Task PoolStopped_NothingIsClaimed()
    {
        await using HttpApp app = await HttpApp.StartAsync(OneSlot);
        app.Pool.Stop();
        string id = await app.SubmitAsync("echo");
        await AssertWaitsAsync(app, id, "queued", """{"reason":"pool_stopped"}""");
        app.Pool.Start();
        await app.UntilAsync(id, TaskState.Completed);
    }

    [Fact]
    public async Task TypeLimit_AsManyOfTheTypeRunAsMay()
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously); // the test goes on beside the handlers
        await using HttpApp app = await StartWithLimitsAsync(released.Task);
        string running = await app.SubmitAsync("limited");
        await app.UntilAsync(running, TaskState.Processing);
        string held = await app.SubmitAsync("limited");

        await AssertWaitsAsync(app, held, "queued", """{"reason":"type_limit","task_type":"limited","max_concurrency":1,"rate":null}""");
        await app.SubmitToEndAsync("echo"); // it holds up no other type
        released.SetResult();
        await app.UntilAsync(held, TaskState.Completed);
    }

    [Fact]
    public async Task TypeRate_AsManyOfTheTypeBeganAsMay()
    {
        await using HttpApp app = await StartWithLimitsAsync(Task.CompletedTask);
        await app.SubmitToEndAsync("rated");
        await app.SubmitToEndAsync("rated");
        string held = await app.SubmitAsync("rated");

        await AssertWaitsAsync(app, held, "queued", """{"reason":"type_rate","task_type":"rated","max_concurrency":3,"rate":{"count":2,"per_seconds":2.5}}""");
        await app.SubmitToEndAsync("echo");
        app.Clock.Advance(TimeSpan.FromSeconds(3)); // not 2.5: the pool may set its alarm only after this, and then the next whole second starts the task
        await app.UntilAsync(held, TaskState.Completed);
    }

    /// <summary>Asserts what the whole task, its small form and the list say.</summary>
    private static async Task AssertWaitsAsync(HttpApp app, string id, string status, string reason)
    {
        HttpAnswer whole = (await app.GetAsync($"/tasks/{id}")).Is(200);
        HttpAnswer small = (await app.GetAsync($"/tasks/{id}/status")).Is(200);
        Assert.Equal((status, reason), (whole.TaskStatus, whole.Member("waiting_for").GetRawText()));
        Assert.Equal((status, reason), (small.TaskStatus, small.Member("waiting_for").GetRawText()));
        HttpAnswer list = (await app.GetAsync("/tasks")).Is(200);
        Assert.Equal(reason, list.Member("items").EnumerateArray().Single(item => item.GetProperty("task_id").GetString() == id).GetProperty("waiting_for").GetRawText());
    }

    private static Task<HttpApp> StartWithLimitsAsync(Task released) => HttpApp.StartAsync(new HttpAppSetup
    {
        Build = builder => builder.Services.AddTaskManager()
            .AddHandler<Nothing, Sum>("limited", (_, context) => StandAsync(released.WaitAsync(context.CancellationToken)), type => type.MaxConcurrency = 1)
            .AddHandler<Nothing, Sum>("rated", (_, _) => new Sum(1), type => (type.MaxConcurrency, type.Rate) = (3, new TaskRate(2, TimeSpan.FromSeconds(2.5)))),
    });

    private static async Task<Sum> StandAsync(Task gate)
    {
        await gate;
        return new Sum(1);
    }
}

namespace TaskManager.Tests.Core.Engine;

/// <summary>Idempotency, single flight and reuse, each exact under two hundred submissions at once.</summary>
public sealed class KeyTests
{
    private const int Parallel = 200;

    [Fact]
    public async Task IdempotencyKey_TwoHundredAtOnce_AreOneTask()
    {
        int entered = 0;
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult($"{Interlocked.Increment(ref entered)}"));
        var request = new TaskRequest("work", new Work("x"), new SubmitOptions { IdempotencyKey = "once" }, new byte[] { 1, 2, 3 });

        SubmitResult[] results = await SubmitAtOnceAsync(fixture, request);
        await fixture.Tasks.WhenIdleAsync().Patiently();

        Assert.Single(results.Cast<SubmitResult.Accepted>().Select(result => result.Task.Id).Distinct());
        Assert.Single(results, result => result is SubmitResult.Accepted { Outcome: AddOutcome.Added });
        Assert.Equal(1, entered);
        Assert.IsType<SubmitResult.KeyReused>(await fixture.Tasks.TrySubmitAsync(request with { Fingerprint = new byte[] { 4 } }));
    }

    [Fact]
    public async Task IdempotencyKey_InProcessWithOtherParametersOrType_IsRefused()
    {
        await using EngineFixture fixture = EngineFixture.Create((work, _) => Task.FromResult(work.Name), more: builder => builder.AddHandler<Work, string>("other", (work, _) => work.Name));
        var options = new SubmitOptions { IdempotencyKey = "k" };
        var first = Assert.IsType<SubmitResult.Accepted>(await fixture.Tasks.TrySubmitAsync(new TaskRequest(EngineFixture.TypeName, new Work("a"), options)));
        var again = Assert.IsType<SubmitResult.Accepted>(await fixture.Tasks.TrySubmitAsync(new TaskRequest(EngineFixture.TypeName, new Work("a"), options)));
        Assert.Equal((first.Task.Id, AddOutcome.Replayed), (again.Task.Id, again.Outcome));
        Assert.IsType<SubmitResult.KeyReused>(await fixture.Tasks.TrySubmitAsync(new TaskRequest(EngineFixture.TypeName, new Work("b"), options)));
        Assert.IsType<SubmitResult.KeyReused>(await fixture.Tasks.TrySubmitAsync(new TaskRequest("other", new Work("a"), options)));
    }

    [Fact]
    public async Task IdempotencyKey_TwoRequestsOfOneAtomicBatch_AdmitsNeither()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        var options = new SubmitOptions { IdempotencyKey = "once" };
        TaskRequest[] requests = [new("work", new Work("x"), options, new byte[] { 1 }), new("work", new Work("y"), options, new byte[] { 2 })];

        IReadOnlyList<SubmitResult> results = await fixture.Tasks.TrySubmitManyAsync(requests, atomic: true);

        Assert.IsType<SubmitResult.NotTried>(results[0]);
        Assert.IsType<SubmitResult.KeyReused>(results[1]);
        Assert.Equal(0, (await fixture.Tasks.GetStatisticsAsync()).Counts.Accepted);
    }

    [Fact]
    public async Task UniqueKey_TwoHundredAtOnce_JoinOneUntilItEnds()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync);
        var request = new TaskRequest("work", new Work("x"), new SubmitOptions { UniqueKey = "alone" });

        SubmitResult[] results = await SubmitAtOnceAsync(fixture, request);
        Guid first = Assert.Single(results.Cast<SubmitResult.Accepted>().Select(result => result.Task.Id).Distinct());
        gate.Open();
        await fixture.Tasks.WhenIdleAsync().Patiently();
        var next = Assert.IsType<SubmitResult.Accepted>(await fixture.Tasks.TrySubmitAsync(request));

        Assert.Equal(AddOutcome.Added, next.Outcome);
        Assert.NotEqual(first, next.Task.Id);
    }

    [Fact]
    public async Task ReuseResult_WithinItsTime_AnswersWithTheFirstAndThenNoMore()
    {
        int entered = 0;
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult($"{Interlocked.Increment(ref entered)}"));
        var options = new SubmitOptions { ReuseResultFor = TimeSpan.FromMinutes(1) };
        TaskHandle<string> first = await fixture.SubmitAsync("same", options);
        await first.WaitAsync().Patiently();

        SubmitResult[] results = await SubmitAtOnceAsync(fixture, new TaskRequest("work", new Work("same"), options));
        Assert.All(results, result => Assert.Equal((AddOutcome.ReusedResult, first.Id), result is SubmitResult.Accepted accepted ? (accepted.Outcome, accepted.Task.Id) : default));
        TaskHandle<string> other = await fixture.SubmitAsync("different", options);
        Assert.Equal("2", await other.WaitAsync().Patiently());
        fixture.Clock.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(1));
        Assert.Equal("3", await (await fixture.SubmitAsync("same", options)).WaitAsync().Patiently());
    }

    [Fact]
    public async Task ReuseResult_OverTheWire_IgnoresTheOrderOfMembers()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult(string.Empty), more: builder => builder.AddHandler("pair", (Pair task, TaskContext _) => task.A + task.B));
        var options = new SubmitOptions { ReuseResultFor = TimeSpan.FromMinutes(1) };
        var first = Assert.IsType<SubmitResult.Accepted>(await fixture.Tasks.TrySubmitAsync(new TaskRequest("pair", new JsonPayload("""{"a":1,"b":2}"""u8.ToArray(), null), options)));
        await fixture.Tasks.WhenIdleAsync().Patiently();

        var second = Assert.IsType<SubmitResult.Accepted>(await fixture.Tasks.TrySubmitAsync(new TaskRequest("pair", new JsonPayload("""{ "b": 2, "a": 1 }"""u8.ToArray(), null), options)));

        Assert.Equal((AddOutcome.ReusedResult, first.Task.Id), (second.Outcome, second.Task.Id));
    }

    private static async Task<SubmitResult[]> SubmitAtOnceAsync(EngineFixture fixture, TaskRequest request)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<SubmitResult>[] submitting = [.. Enumerable.Range(0, Parallel).Select(async _ =>
        {
            await start.Task;
            return await fixture.Tasks.TrySubmitAsync(request);
        })];
        start.SetResult();
        return await Task.WhenAll(submitting).Patiently();
    }

    private sealed record Pair(int A, int B) : ITaskParameters<int>;
}

using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace TaskManager.Tests.Core.Engine;

public sealed class SubmitTests
{
    [Fact]
    public async Task Submit_TypedHandlers_EachShapeGivesItsResult()
    {
        await using ServiceProvider provider = new ServiceCollection()
            .AddTaskManager()
            .AddHandler("synchronous", (Doubled task, TaskContext _) => task.Number * 2)
            .AddHandler("asynchronous", async (Tripled task, TaskContext _) =>
            {
                await Task.Yield();
                return task.Number * 3;
            })
            .AddHandler<Squared, int, SquaredHandler>("class")
            .AddHandler("resultless", async (Ignored _, TaskContext _) => await Task.Yield())
            .Services.AddSingleton<Witness>().BuildServiceProvider();
        var tasks = provider.GetRequiredService<ITaskManager>();

        Assert.Equal(14, await (await tasks.SubmitAsync(new Doubled(7))).WaitAsync().Patiently());
        Assert.Equal(21, await (await tasks.SubmitAsync(new Tripled(7))).WaitAsync().Patiently());
        Assert.Equal(49, await (await tasks.SubmitAsync(new Squared(7))).WaitAsync().Patiently());
        TaskRecord resultless = await (await tasks.SubmitAsync("resultless", new Ignored())).WhenEndedAsync().Patiently();
        Assert.Equal((TaskState.Completed, null), (resultless.State, resultless.Status.Result));
        await Patience.UntilAsync(() => provider.GetRequiredService<Witness>().Disposed == 1);
    }

    [Fact]
    public async Task Submit_WrongParameters_ThrowsWithEveryFault()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult(string.Empty), more: builder => builder.AddHandler("bounded", (Bounded task, TaskContext _) => task.Count));

        var error = await Assert.ThrowsAsync<TaskValidationException>(async () =>
            await fixture.Tasks.SubmitAsync(new Bounded(11, string.Empty), new SubmitOptions { Delay = TimeSpan.FromSeconds(-1) }));

        Assert.Equal(["delay_seconds", "parameters.count", "parameters.name"], error.Errors.Keys.Order());
        Assert.Equal(0, (await fixture.Tasks.GetStatisticsAsync()).Counts.Accepted);
    }

    [Fact]
    public async Task Submit_UnknownType_ThrowsAndNamesTheNearest()
    {
        await using var fixture = EngineFixture.Create((_, _) => Task.FromResult(string.Empty));

        var error = await Assert.ThrowsAsync<TaskValidationException>(async () => await fixture.Tasks.SubmitAsync("wrok", new Work(string.Empty)));

        Assert.Contains("\"work\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_FullQueue_WaitsForRoomWhileTrySubmitSaysNo()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync, options => options.QueueCapacity = 2);
        TaskHandle<string> first = await fixture.SubmitAsync();
        await fixture.SubmitAsync();
        var request = new TaskRequest(EngineFixture.TypeName, new Work(string.Empty));

        Assert.IsType<SubmitResult.QueueFull>(await fixture.Tasks.TrySubmitAsync(request));
        Task<TaskHandle<string>> waiting = fixture.SubmitAsync("third");
        Assert.False(waiting.IsCompleted);
        await first.CancelAsync();

        TaskHandle<string> third = await waiting.Patiently();
        gate.Open();
        Assert.Equal("done", await third.WaitAsync().Patiently());
        Assert.IsType<SubmitResult.Accepted>(await fixture.Tasks.TrySubmitAsync(request));
    }

    [Fact]
    public async Task Submit_ManyWaitForRoom_AllGetInAndNoneIsLost()
    {
        const int Count = 500;
        await using var fixture = EngineFixture.Create(
            async (task, _) =>
            {
                await Task.Yield();
                return task.Name;
            },
            options => options.QueueCapacity = 3);

        TaskHandle<string>[] handles = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => Task.Run(() => fixture.SubmitAsync($"{i}")))).Patiently();
        string[] results = await Task.WhenAll(handles.Select(handle => handle.WaitAsync())).Patiently();

        Assert.Equal(Count, results.Distinct().Count());
    }

    [Fact]
    public async Task Submit_WaitForRoomIsCancelled_LeavesNothingBehind()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(gate.HandleAsync, options => options.QueueCapacity = 1);
        await fixture.SubmitAsync();
        using var enough = new CancellationTokenSource();
        ValueTask<TaskHandle<string>> waiting = fixture.Tasks.SubmitAsync(new Work("late"), cancellationToken: enough.Token);

        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        gate.Open();
        await fixture.Tasks.WhenIdleAsync().Patiently();
        Assert.Equal(1, (await fixture.Tasks.GetStatisticsAsync()).Counts.Accepted);
    }

    [Fact]
    public async Task Submit_OverTheWire_TheResultIsSerialisedOnceAndReadableInProcess()
    {
        await using var fixture = EngineFixture.Create((task, _) => Task.FromResult("hello " + task.Name));
        var request = new TaskRequest(EngineFixture.TypeName, new JsonPayload("""{"name":"wire"}"""u8.ToArray(), Value: null));

        var accepted = Assert.IsType<SubmitResult.Accepted>(await fixture.Tasks.TrySubmitAsync(request));
        string result = await fixture.Tasks.GetHandle<string>(accepted.Task.Id).WaitAsync().Patiently();

        Assert.Equal("hello wire", result);
        var payload = Assert.IsType<JsonPayload>((await fixture.Tasks.GetAsync(accepted.Task.Id))!.Value.Status.Result);
        Assert.Equal("\"hello wire\"", Encoding.UTF8.GetString(payload.Utf8.Span));
    }

    [Fact]
    public async Task Submit_BatchWithOneFault_AtomicAdmitsNoneOtherwiseTheRest()
    {
        await using var fixture = EngineFixture.Create((task, _) => Task.FromResult(task.Name));
        TaskRequest[] requests = [new("work", new Work("a")), new("nope", new Work("b")), new("work", new Work("c"))];

        IReadOnlyList<SubmitResult> atomic = await fixture.Tasks.TrySubmitManyAsync(requests, atomic: true);
        Assert.Equal(0, (await fixture.Tasks.GetStatisticsAsync()).Counts.Accepted);
        IReadOnlyList<SubmitResult> each = await fixture.Tasks.TrySubmitManyAsync(requests);

        Assert.Equal([typeof(SubmitResult.NotTried), typeof(SubmitResult.UnknownType), typeof(SubmitResult.NotTried)], atomic.Select(result => result.GetType()));
        Assert.Equal([typeof(SubmitResult.Accepted), typeof(SubmitResult.UnknownType), typeof(SubmitResult.Accepted)], each.Select(result => result.GetType()));
    }

    private sealed record Doubled(int Number) : ITaskParameters<int>;

    private sealed record Tripled(int Number) : ITaskParameters<int>;

    private sealed record Squared(int Number) : ITaskParameters<int>;

    private sealed record Ignored;

    private sealed record Bounded([property: Range(1, 10)] int Count, [property: MinLength(1)] string Name) : ITaskParameters<int>;

    private sealed class Witness
    {
        public int Disposed { get; set; }
    }

    private sealed class SquaredHandler(Witness witness) : ITaskHandler<Squared, int>, IAsyncDisposable
    {
        public Task<int> HandleAsync(Squared task, TaskContext context) => Task.FromResult(task.Number * task.Number);

        public ValueTask DisposeAsync()
        {
            witness.Disposed++;
            return default;
        }
    }
}

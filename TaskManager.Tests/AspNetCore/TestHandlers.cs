using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

internal enum Colour
{
    DeepRed,
    Green,
}

internal sealed record Add(int A, int B);

internal sealed record Sum(int Value);

internal sealed record Nothing;

internal sealed record Flaky(int Failures);

internal sealed record Item([property: MaxLength(3)] string Name, [property: Range(1, 10)] int Count);

internal sealed record Order([property: MinLength(1)] string Customer, Colour Colour, Item[] Items, [property: Range(0, 100)] double Discount = 0);

internal sealed record Picky
{
    public Picky(int number) => Number = number >= 0 ? number : throw new ArgumentOutOfRangeException(nameof(number), number, "It must not be negative.");

    public int Number { get; }
}

internal sealed class Knot
{
    public Knot Self => this;
}

/// <summary>Handlers that run as far as a test lets them.</summary>
internal sealed class TestHandlers : IDisposable
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously); // the test goes on beside the handlers
    private readonly SemaphoreSlim _entered = new(0);
    private readonly SemaphoreSlim _steps = new(0);
    private readonly SemaphoreSlim _stepped = new(0);

    public void AddTo(TaskManagerBuilder tasks) => tasks
        .AddHandler<Add, Sum>("add", (task, _) => new Sum(task.A + task.B), type =>
        {
            type.Description = "Adds two numbers.";
            type.Example = new Add(1, 2);
        })
        .AddHandler<JsonElement, JsonElement>("echo", (task, _) => task)
        .AddHandler<Order, int>("order", (task, _) => task.Items.Length)
        .AddHandler<Picky, int>("picky", (task, _) => task.Number)
        .AddHandler<Nothing, Sum>("fail", Fail)
        .AddHandler<Nothing, Knot>("knot", (_, _) => new Knot())
        .AddHandler<Flaky, Sum>("flaky", FailAtFirst, type =>
        {
            type.MaxAttempts = 3;
            type.RetryDelay = TimeSpan.FromSeconds(10);
        })
        .AddHandler<Nothing, Sum>("gate", (_, context) => StandAsync(_released.Task.WaitAsync(context.CancellationToken)))
        .AddHandler<Nothing, Sum>("stubborn", (_, _) => StandAsync(_released.Task))
        .AddHandler<Nothing, Sum>("brief", (_, context) => StandAsync(_released.Task.WaitAsync(context.CancellationToken)), type =>
        {
            type.Timeout = TimeSpan.FromSeconds(5);
        })
        .AddHandler<Nothing, Sum>("steps", StepAsync);

    /// <summary>Waits until one more handler stands at its gate.</summary>
    public Task EnteredAsync() => _entered.WaitAsync(TestContext.Current.CancellationToken).WithPatienceAsync();

    /// <summary>Lets every handler that stands at its gate go on, now and from now on.</summary>
    public void Release() => _released.TrySetResult();

    /// <summary>Lets the handler of <c>steps</c> go to its next checkpoint.</summary>
    public void Step() => _steps.Release();

    /// <summary>Waits until the handler of <c>steps</c> has passed one more checkpoint and reported it.</summary>
    public Task SteppedAsync() => _stepped.WaitAsync(TestContext.Current.CancellationToken).WithPatienceAsync();

    public void Dispose()
    {
        _entered.Dispose();
        _steps.Dispose();
        _stepped.Dispose();
    }

    private static Sum Fail(Nothing task, TaskContext context) => throw new InvalidOperationException("The disk\nis full.");

    private static Sum FailAtFirst(Flaky task, TaskContext context) => context.Attempt <= task.Failures
        ? throw new TaskAttemptException("not_yet", "Not yet.")
        : new Sum(context.Attempt);

    private async Task<Sum> StandAsync(Task gate)
    {
        _entered.Release();
        await gate;
        return new Sum(7);
    }

    private async Task<Sum> StepAsync(Nothing task, TaskContext context)
    {
        _entered.Release();
        for (int step = 1; step <= 4; step++)
        {
            await _steps.WaitAsync(context.CancellationToken);
            await context.CheckpointAsync();
            context.ReportProgress(step, 4, $"step {step}");
            _stepped.Release();
        }

        return new Sum(4);
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace TaskManager.Tests.Docs;

/// <summary>A task manager with the handlers of <c>docs/guide.md</c>, on a clock that stands still, whose encoder a test can hold.</summary>
internal sealed class GuideFixture : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    public GuideFixture(Action<TaskManagerBuilder>? more = null, int slots = 1)
    {
        TaskManagerBuilder builder = new ServiceCollection()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IEncoder>(Encoder)
            .AddTaskManager(options => options.MaxConcurrency = slots);
        GuideHandlerTests.Register(builder);
        more?.Invoke(builder);
        _provider = builder.Services.BuildServiceProvider();
    }

    public ManualClock Clock { get; } = new();

    public HeldEncoder Encoder { get; } = new();

    public ITaskManager Tasks => _provider.GetRequiredService<ITaskManager>();

    public async ValueTask DisposeAsync()
    {
        Encoder.Release();
        await _provider.DisposeAsync();
    }

    /// <summary>Encodes at once, or not before it is let go.</summary>
    internal sealed class HeldEncoder : IEncoder
    {
        private readonly List<string> _begun = [];
        private TaskCompletionSource? _held;

        public IReadOnlyList<string> Begun
        {
            get
            {
                lock (_begun)
                {
                    return [.. _begun];
                }
            }
        }

        // Whoever lets the encoder go must not run the handler's rest.
        public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _held?.TrySetResult();

        public Task EncodeAsync(string name, int frame, CancellationToken cancellationToken)
        {
            lock (_begun)
            {
                if (frame == 1)
                {
                    _begun.Add(name);
                }
            }

            return _held?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
        }
    }
}

public interface IEncoder
{
    Task EncodeAsync(string name, int frame, CancellationToken cancellationToken);
}

using System.Collections.Concurrent;
using System.Threading.Channels;

namespace TaskManager.Benchmarks.Contenders;

/// <summary>What nobody can be much faster than: a bounded channel, a dictionary and a completion source for each task; no lifecycle, no order, no cancel, no times.</summary>
internal sealed class BareLimit : IContender
{
    private const int Workers = 5;

    private readonly Channel<BareTask> _queue;
    private readonly ConcurrentDictionary<Guid, BareTask> _tasks = new();
    private readonly ConcurrentQueue<Guid> _finished = new();
    private readonly Task _workers;
    private readonly int _kept;
    private int _finishedCount;
    private Countdown? _countdown;

    public BareLimit(int kept, int mayWait = 100_000)
    {
        _kept = kept;
        _queue = Channel.CreateBounded<BareTask>(mayWait);
        _workers = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync)));
    }

    public Task RunManyAsync(int tasks) => RunManyAsync(tasks, _ => null);

    public async Task RunManyAsync(int tasks, Func<int, object?> parameters)
    {
        var countdown = new Countdown(tasks);
        _countdown = countdown;
        for (int i = 0; i < tasks; i++)
        {
            await SubmitAsync(parameters(i));
        }

        await countdown.Reached;
    }

    public async Task RunOneAsync()
    {
        _countdown = null;
        await (await SubmitAsync(parameters: null)).Ended.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.Complete();
        await _workers;
    }

    private async ValueTask<BareTask> SubmitAsync(object? parameters)
    {
        var task = new BareTask(Guid.NewGuid(), parameters);
        _tasks[task.Id] = task;
        await _queue.Writer.WriteAsync(task);
        return task;
    }

    private async Task WorkAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (_queue.Reader.TryRead(out BareTask? task))
            {
                task.State = TaskState.Processing;
                task.Result = task.Parameters is Doubling doubling ? new Doubled(2 * doubling.Value) : "done";
                task.State = TaskState.Completed;
                task.Ended.TrySetResult();
                _finished.Enqueue(task.Id);
                if (Interlocked.Increment(ref _finishedCount) > _kept && _finished.TryDequeue(out Guid oldest))
                {
                    _tasks.TryRemove(oldest, out _);
                }

                _countdown?.Signal();
            }
        }
    }

    private sealed class BareTask(Guid id, object? parameters)
    {
        public Guid Id => id;

        public object? Parameters => parameters;

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously); // as any that is handed to strangers must be

        public TaskState State { get; set; }

        public object? Result { get; set; }
    }
}

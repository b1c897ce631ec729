namespace TaskManager.Benchmarks.Contenders;

/// <summary>Tells when the last of so many tasks has ended.</summary>
internal sealed class Countdown(int tasks)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously); // a worker must not run what waits for it
    private int _left = tasks;

    public Task Reached => _reached.Task;

    public void Signal()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _reached.TrySetResult();
        }
    }
}

namespace TaskManager.Tests.Core.Engine;

/// <summary>A handler that tells when it was entered and stays until it is let go, told to stop, or told to fail.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _entries;

    public int Entries => Volatile.Read(ref _entries);

    public Task Entered => _entered.Task.Patiently();

    public void Open(string result = "done") => _opened.TrySetResult(result);

    public void Fail(Exception error) => _opened.TrySetException(error);

    /// <summary>Honours the token, as a handler should.</summary>
    public async Task<string> HandleAsync(Work task, TaskContext context)
    {
        Enter();
        return await _opened.Task.WaitAsync(context.CancellationToken);
    }

    /// <summary>Ignores the token, as a handler should not.</summary>
    public async Task<string> HandleStubbornlyAsync(Work task, TaskContext context)
    {
        Enter();
        return await _opened.Task;
    }

    public void Enter()
    {
        Interlocked.Increment(ref _entries);
        _entered.TrySetResult();
    }
}

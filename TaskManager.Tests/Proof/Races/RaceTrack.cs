namespace TaskManager.Tests.Proof.Races;

/// <summary>Threads that start at the same moment, round after round.</summary>
internal sealed class RaceTrack : IDisposable
{
    private readonly Barrier _line;
    private readonly Thread[] _runners;
    private Action[] _acts = [];
    private Exception? _failure;
    private volatile bool _isOver;

    public RaceTrack(int runners)
    {
        _line = new Barrier(runners + 1);
        _runners = [.. Enumerable.Range(0, runners).Select(runner => new Thread(() => Run(runner)) { IsBackground = true })];
        Array.ForEach(_runners, runner => runner.Start());
    }

    /// <summary>Lets each act run on a thread of its own, and waits for all.</summary>
    public void Race(params Action[] acts)
    {
        Assert.Equal(_runners.Length, acts.Length);
        _acts = acts;
        Cross(); // the start
        Cross(); // the finish
        if (_failure is { } failure)
        {
            throw new InvalidOperationException("A runner fell.", failure);
        }
    }

    public void Dispose()
    {
        _isOver = true;
        Cross();
        Array.ForEach(_runners, runner => runner.Join());
        _line.Dispose();
    }

    private void Run(int runner)
    {
        while (true)
        {
            _line.SignalAndWait();
            if (_isOver)
            {
                return;
            }

            try
            {
                _acts[runner]();
            }
            catch (Exception failure) // told by whoever gave the act
            {
                Interlocked.CompareExchange(ref _failure, failure, null);
            }

            _line.SignalAndWait();
        }
    }

    private void Cross() => Assert.True(_line.SignalAndWait(Patience.Generous), "A runner hangs.");
}

using System.Collections.Concurrent;
using System.Threading.Channels;

namespace TaskManager.Tests.Proof.Model;

/// <summary>Handlers that do what they are told, one thing after the other, and nothing else: not even their token moves them.</summary>
internal sealed class Stage
{
    private readonly ConcurrentDictionary<(Guid Task, int Attempt), StagedAttempt> _attempts = new();
    private volatile bool _isClosed;

    public IEnumerable<StagedAttempt> All => _attempts.Values;

    public StagedAttempt? Find(Guid task, int attempt) => _attempts.GetValueOrDefault((task, attempt));

    public Task<string> EnterAsync(TaskContext context)
    {
        var attempt = new StagedAttempt(context);
        if (!_attempts.TryAdd((context.TaskId, context.Attempt), attempt))
        {
            throw new InvalidOperationException("An attempt is entered once.");
        }

        if (_isClosed)
        {
            attempt.Tell(new Instruction.Complete());
        }

        return attempt.PlayAsync();
    }

    /// <summary>Lets every handler end, those that are yet to be entered included.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (StagedAttempt attempt in All)
        {
            attempt.Tell(new Instruction.Complete());
        }
    }
}

internal sealed class StagedAttempt(TaskContext context)
{
    private readonly Channel<Instruction> _instructions = Channel.CreateUnbounded<Instruction>();
    private readonly CancellationToken _token = context.CancellationToken;
    private int _given;
    private int _done;
    private int _hasEnded;

    public bool IsAtRest => Volatile.Read(ref _done) == Volatile.Read(ref _given);

    public bool HasEnded => Volatile.Read(ref _hasEnded) == 1;

    public bool IsToldToStop => _token.IsCancellationRequested;

    public void Tell(Instruction instruction)
    {
        Interlocked.Increment(ref _given);
        _instructions.Writer.TryWrite(instruction);
    }

    public async Task<string> PlayAsync()
    {
        try
        {
            while (true)
            {
                Instruction instruction = await _instructions.Reader.ReadAsync();
                if (instruction is Instruction.Complete)
                {
                    return $"attempt {context.Attempt}";
                }

                await DoAsync(instruction);
                Interlocked.Increment(ref _done);
            }
        }
        finally
        {
            Volatile.Write(ref _hasEnded, 1);
        }
    }

    private async Task DoAsync(Instruction instruction)
    {
        switch (instruction)
        {
            case Instruction.Fail fail:
                throw new TaskAttemptException("broken", "It broke.") { IsRetryable = fail.RetryAfter is not null, RetryAfter = fail.RetryAfter };
            case Instruction.HonourToken:
                _token.ThrowIfCancellationRequested();
                break;
            case Instruction.Report report:
                context.ReportProgress(report.Step, 1_000);
                break;
            default:
                await StandAsync();
                break;
        }
    }

    private async Task StandAsync()
    {
        try
        {
            await context.CheckpointAsync();
        }
        catch (OperationCanceledException)
        {
            // it goes on all the same, until it is told otherwise
        }
    }
}

internal abstract record Instruction
{
    public sealed record Complete : Instruction;

    public sealed record Fail(TimeSpan? RetryAfter) : Instruction;

    public sealed record HonourToken : Instruction;

    public sealed record Report(int Step) : Instruction;

    public sealed record Checkpoint : Instruction;
}

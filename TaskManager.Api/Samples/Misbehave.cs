using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace TaskManager.Api.Samples;

/// <summary>Does what no handler should, to see what the service makes of it.</summary>
/// <param name="How">What it does wrong.</param>
/// <param name="Seconds">For how long, or after how long.</param>
/// <param name="Failures">How many attempts of a flaky one fail.</param>
internal sealed record Misbehave(
    Misbehaviour How,
    [property: Range(0, SampleWork.MaxSeconds)] double Seconds = 5,
    [property: Range(0, 1000)] int Failures = 1) : ITaskParameters<object>
{
    private const int FloodBurst = 1000;

    private TimeSpan Time => TimeSpan.FromSeconds(Seconds);

    private MisbehaveResult Survived => new(How);

    public static Task<object> HandleAsync(Misbehave task, TaskContext context) => task.How switch
    {
        Misbehaviour.Throw => task.ThrowAsync(context),
        Misbehaviour.IgnoreCancel => task.IgnoreCancelAsync(context),
        Misbehaviour.BlockThread => task.BlockThread(context),
        Misbehaviour.BigResult => task.ReturnBigResultAsync(context),
        Misbehaviour.CyclicResult => task.ReturnCyclicResultAsync(context),
        Misbehaviour.FloodProgress => task.FloodAsync(context, static (attempt, count) => attempt.ReportProgress(count, total: 0, "flooding")),
        Misbehaviour.FloodLog => task.FloodAsync(context, static (attempt, count) => SampleLog.Flooding(attempt.Logger, count)),
        Misbehaviour.Flaky => task.FailAtFirstAsync(context),
        Misbehaviour.ThrowInCancel => task.ThrowInCancelAsync(context),
        _ => throw new ArgumentOutOfRangeException(nameof(task), task.How, "No such misbehaviour."),
    };

    private async Task<object> ThrowAsync(TaskContext context)
    {
        await SampleWork.SpendAsync(context, Seconds, "about to throw");
        throw new InvalidOperationException("The task threw as it was asked to.");
    }

    private async Task<object> IgnoreCancelAsync(TaskContext context)
    {
        context.ReportProgress(0, 1, "ignoring its token");
        await Task.Delay(Time, context.Clock, CancellationToken.None);
        context.ReportProgress(1, 1, "ignored its token");
        return Survived;
    }

    private Task<object> BlockThread(TaskContext context)
    {
        context.ReportProgress(0, 1, "blocking its thread");
        using var over = new ManualResetEventSlim();
        using ITimer timer = context.Clock.CreateTimer(_ => over.Set(), state: null, Time, Timeout.InfiniteTimeSpan);
        over.Wait(CancellationToken.None);
        context.ReportProgress(1, 1, "blocked its thread");
        return Task.FromResult<object>(Survived);
    }

    private async Task<object> ReturnBigResultAsync(TaskContext context)
    {
        await SampleWork.SpendAsync(context, Seconds, "growing");
        return new string('x', context.Services.GetRequiredService<IOptions<TaskManagerOptions>>().Value.MaxResultBytes);
    }

    private async Task<object> ReturnCyclicResultAsync(TaskContext context)
    {
        await SampleWork.SpendAsync(context, Seconds, "going round");
        return new Cycle();
    }

    private async Task<object> FloodAsync(TaskContext context, Action<TaskContext, long> wave)
    {
        var time = new WorkTime(context);
        long count = 0;
        do
        {
            await time.CheckpointAsync();
            for (int i = 0; i < FloodBurst; i++)
            {
                wave(context, ++count);
            }

            await Task.Yield(); // a flood of reports, not of blocked threads
        }
        while (time.Elapsed < Time);

        return Survived;
    }

    private async Task<object> FailAtFirstAsync(TaskContext context)
    {
        await SampleWork.SpendAsync(context, Seconds, "flickering");
        return context.Attempt > Failures ? Survived : throw new TaskAttemptException("flaky", "This attempt failed; a later one completes.");
    }

    private async Task<object> ThrowInCancelAsync(TaskContext context)
    {
        // Never taken back, or the wait below, which is told of the cancel first, would see to it that nothing is thrown.
        context.CancellationToken.Register(static () => throw new InvalidOperationException("The callback threw as it was asked to."));
        await SampleWork.SpendAsync(context, Seconds, "waiting to be cancelled");
        return Survived;
    }

    private sealed class Cycle
    {
        public Cycle Itself => this;
    }
}

/// <param name="How">What was done wrong, and ended all the same.</param>
internal sealed record MisbehaveResult(Misbehaviour How);

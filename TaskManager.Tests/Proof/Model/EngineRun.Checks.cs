namespace TaskManager.Tests.Proof.Model;

internal sealed partial class EngineRun
{
    private async Task CheckAsync(bool swept)
    {
        foreach (ModelTask task in _model.Kept.ToArray())
        {
            if (await Tasks.GetAsync(task.Id) is not { } record)
            {
                _model.Forget(task);
                Assert.Equal(task.Unwanted, Tasks.WasRemoved(task.Id));
                continue;
            }

            Comparison.AssertSame(task, record, _model.Now);
            Comparison.AssertSameProgress(task, record);
        }

        Assert.All(_model.Kept, task => Assert.False(_model.MustBeGone(task, swept), $"{task} should be gone."));
        TaskStatistics statistics = await Tasks.GetStatisticsAsync();
        Assert.Equal((_model.Accepted, _model.Gone.Count), (statistics.Counts.Accepted, (int)statistics.Counts.Removed));
        Assert.All(statistics.Counts.ByState, pair => Assert.Equal(_model.Kept.Count(task => task.State == pair.Key), pair.Value)); // law 6
        // Retained are also tasks that others need; abandoned may become what was claimed before the bound was reached.
        Assert.All(statistics.Bounds, bound => Assert.True(bound.Key is "retained" or "abandoned" || bound.Value.Used <= bound.Value.Max, $"Law 12: {bound}"));
        Assert.True(_model.Kept.Count(task => task.IsFinal && !_model.IsNeeded(task)) <= _options.MaxRetained, "Law 12: the bound of retained tasks.");
        Assert.All(_model.Kept, task => Assert.True(task.Attempt > 0 || _stage.Find(task.Id, 1) is null, "Law 9: what was never claimed is never entered."));
    }

    /// <summary>Shuts down: everything ends, everyone who waits gets an answer, and nothing stays behind.</summary>
    private async Task EndAsync()
    {
        Task stopping = _fixture.Engine.StopAsync();
        await Patience.UntilAsync(() =>
        {
            _fixture.Clock.Advance(Second);
            return stopping.IsCompleted;
        });
        await stopping;
        while (_changes.TryDequeue(out (TaskChange Change, ClockReading At) next))
        {
            _laws.Witness(next.Change);
            _witnesses.Saw(next.Change);
        }

        TaskCounts counts = (await Tasks.GetStatisticsAsync()).Counts;
        Assert.Equal(0, counts.Unfinished);
        await _witnesses.CheckAsync();

        _stage.Close();
        await Patience.UntilAsync(() => _stage.All.All(attempt => attempt.HasEnded));
        await Patience.UntilAsync(() => _fixture.Pool.Status is { Busy: 0, Suspended: 0, Abandoned: 0 });
        Assert.Empty(_changes); // late reports change nothing
    }
}

namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task Changed_EveryChange_IsToldOnceBeforeTheCallReturns()
    {
        StoreSteps steps = Create();
        TaskRecord added = await steps.AddAsync(new SubmitOptions { Delay = Second });
        TaskRecord child = await steps.AddAsync(DependingOn(added));
        Clock.Advance(Second);
        await steps.QueueDueAsync();
        TaskRecord claimed = await steps.ClaimAsync(added);
        await ReportAsync(steps, claimed, step: 1);
        await steps.MoveAsync(added.Id, LifecycleEvent.Pause()); // a flag alone
        TaskRecord ended = await steps.CompleteAsync(added.Id, "done");
        await steps.RemoveAsync(added.Id);

        Assert.Equal(
            [
                (added.Id, null, TaskState.Scheduled, 1),
                (child.Id, null, TaskState.Blocked, 1),
                (added.Id, TaskState.Scheduled, TaskState.Queued, 2),
                (added.Id, TaskState.Queued, TaskState.Processing, 3),
                (added.Id, TaskState.Processing, TaskState.Processing, 4),
                (added.Id, TaskState.Processing, TaskState.Completed, 5),
                (child.Id, TaskState.Blocked, TaskState.Queued, 2),
            ],
            steps.Changes.Select(change => (change.Record.Id, change.From, change.Record.State, change.Record.Status.Version)));
        Assert.Equal(("done", 1L), (ended.Status.Result, ended.Progress!.Count));
    }

    [Fact]
    public async Task Changed_WhatWasRefusedOrAnsweredByAnother_TellsNothing()
    {
        StoreSteps steps = Create(options => options.QueueCapacity = 1);
        TaskRecord unique = await steps.AddAsync(new SubmitOptions { UniqueKey = "key" });
        int told = steps.Changes.Length;

        await steps.TryAddAsync(StoreSteps.Submission(new SubmitOptions { UniqueKey = "key" }));
        await steps.TryAddAsync(StoreSteps.Submission());
        await steps.TryAddAsync(StoreSteps.Submission(Orphan));
        await steps.RemoveAsync(unique.Id);
        await steps.QueueDueAsync();
        await steps.RemoveExpiredAsync();

        Assert.Equal(told, steps.Changes.Length);
    }

    [Fact]
    public async Task Changed_ManyThreads_TellsTheChangesOfEachTaskInTheOrderOfItsVersions()
    {
        StoreSteps steps = Create();
        await steps.AddManyAsync(50);
        Guid[] ids = Ids(steps.Changes.Select(change => change.Record));

        await RaceAsync(4, thread =>
        {
            var random = new Random(thread);
            for (int i = 0; i < 5_000; i++)
            {
                if (i % 10 == 0)
                {
                    steps.Store.ClaimAsync(StoreSteps.AnyClaim, new TaskRecord[3], CancellationToken.None).AsTask().Wait(CancellationToken.None);
                }

                TryMoveAtOnce(steps, ids[random.Next(ids.Length)], record => random.Next(5) switch
                {
                    0 => LifecycleEvent.Pause(),
                    1 => LifecycleEvent.Resume(),
                    2 => LifecycleEvent.Retry(),
                    3 => LifecycleEvent.Cancel(),
                    _ => LifecycleEvent.Release(record.Status.Attempt, checkpoint: null),
                });
            }
        });

        await steps.CountAsync();
        Assert.All(steps.Changes.GroupBy(change => change.Record.Id), ofTask =>
        {
            Assert.Equal(Enumerable.Range(1, ofTask.Count()), ofTask.Select(change => change.Record.Status.Version));
            Assert.Equal(ofTask.SkipLast(1).Select(change => (TaskState?)change.Record.State).Prepend(null), ofTask.Select(change => change.From));
        });
    }
}

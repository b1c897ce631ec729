namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task Add_TaskThatMayRunAtOnce_IsQueuedAndFound()
    {
        StoreSteps steps = Create();
        ClockReading now = steps.Store.Now;
        TaskSubmission submission = StoreSteps.Submission(new SubmitOptions { Priority = TaskPriority.High }, TestTypes.Other, "what is asked");

        AddResult result = await steps.TryAddAsync(submission);

        Assert.Equal(AddOutcome.Added, result.Outcome);
        TaskRecord added = result.Record;
        Assert.Equal((TaskState.Queued, 1, 0, 1L), (added.State, added.Status.Version, added.Status.Attempt, added.Definition.Sequence));
        Assert.Equal((submission.Type, submission.Parameters, now), (added.Definition.Type, added.Definition.Parameters, added.Definition.Created));
        Assert.Same(submission.Options, added.Definition.Options);
        Assert.Equal(added, await steps.FindAsync(added.Id));
    }

    [Fact]
    public async Task Add_TaskThatMustWait_StandsWhereItBelongs()
    {
        StoreSteps steps = Create();
        DateTimeOffset now = steps.Store.Now.Utc;

        TaskRecord delayed = await steps.AddAsync(new SubmitOptions { Delay = Tick });
        TaskRecord future = await steps.AddAsync(new SubmitOptions { RunAt = now + Tick });
        TaskRecord past = await steps.AddAsync(new SubmitOptions { RunAt = now });
        TaskRecord child = await steps.AddAsync(new SubmitOptions { DependsOn = [past.Id] });

        Assert.Equal([TaskState.Scheduled, TaskState.Scheduled, TaskState.Queued, TaskState.Blocked], new[] { delayed, future, past, child }.Select(record => record.State));
    }

    [Fact]
    public async Task Add_Many_IdsAreOrderedLikeTheSequencesEvenIfTheWallClockJumpsBack()
    {
        StoreSteps steps = Create();
        var added = new List<TaskRecord>();
        for (int i = 0; i < 30; i++)
        {
            added.AddRange(await steps.AddManyAsync(100));
            Clock.JumpWall(i % 3 == 0 ? TimeSpan.FromHours(-1) : TimeSpan.FromMinutes(7));
        }

        Assert.Equal(Enumerable.Range(1, 3_000).Select(i => (long)i), added.Select(record => record.Definition.Sequence));
        string[] ids = [.. added.Select(record => record.Id.ToString())];
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.All(added, record => Assert.Equal(7, record.Id.Version));
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public async Task Find_WhatIsNotThere_IsNull()
    {
        StoreSteps steps = Create();
        Assert.Null(await steps.FindAsync(Guid.CreateVersion7()));
        TaskRecord added = await steps.AddAsync();
        byte[] bytes = added.Id.ToByteArray();
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] other = [.. bytes];
            other[i] ^= 1;
            Assert.Null(await steps.FindAsync(new Guid(other)));
        }

        Assert.Null(await steps.FindAsync(Guid.Empty));
        Assert.Equal(added, await steps.FindAsync(added.Id));
    }

    [Fact]
    public async Task Add_AsManyUnfinishedAsMayBe_IsFullUntilOneEnds()
    {
        StoreSteps steps = Create(options => options.QueueCapacity = 4);
        TaskRecord queued = await steps.AddAsync();
        await steps.AddAsync(new SubmitOptions { Delay = Second });
        await steps.AddAsync(new SubmitOptions { DependsOn = [queued.Id] });
        Assert.False(steps.Store.IsFull);
        TaskRecord paused = await steps.AddAsync();
        await steps.MoveAsync(paused.Id, LifecycleEvent.Pause());

        Assert.True(steps.Store.IsFull);
        Assert.Equal(new AddResult(AddOutcome.Full), await steps.TryAddAsync(StoreSteps.Submission()));
        await steps.ClaimAsync(queued);
        Assert.Equal(AddOutcome.Full, (await steps.TryAddAsync(StoreSteps.Submission())).Outcome);
        await steps.CancelAsync(paused.Id);

        Assert.False(steps.Store.IsFull);
        await steps.AddAsync();
        Assert.True(steps.Store.IsFull);
    }

    [Fact]
    public async Task Add_AsManyBytesAsMayBe_IsFullUntilTheyAreGone()
    {
        StoreSteps steps = Create(options => options.MaxStoredBytes = 100);
        await steps.AddAsync(parameters: "a value that never leaves the process, however long it may be, is not counted here at all, as it takes no bytes of JSON");
        TaskRecord first = await steps.AddAsync(parameters: Bytes(60));
        Assert.False(steps.Store.IsFull);
        TaskRecord second = await steps.AddAsync(parameters: Bytes(40));

        Assert.True(steps.Store.IsFull);
        Assert.Equal(AddOutcome.Full, (await steps.TryAddAsync(StoreSteps.Submission())).Outcome);
        Assert.Equal(100, (await steps.CountAsync()).StoredBytes);
        await steps.CancelAsync(second.Id);
        await steps.RemoveAsync(second.Id);

        Assert.Equal(60, (await steps.CountAsync()).StoredBytes);
        await steps.AddAsync();
        await steps.CancelAsync(first.Id);
    }

    [Fact]
    public async Task StoredBytes_ResultsAndWhatComesOfThem_AreCounted()
    {
        StoreSteps steps = Create();
        TaskRecord completed = await steps.AddAsync(parameters: Bytes(10));
        await steps.ClaimAsync(completed);
        await steps.CompleteAsync(completed.Id, Bytes(7));
        Assert.Equal(17, (await steps.CountAsync()).StoredBytes);

        TaskRecord released = await steps.AddAsync(parameters: Bytes(10));
        TaskRecord claimed = await steps.ClaimAsync(released);
        await steps.MoveAsync(released.Id, LifecycleEvent.Release(claimed.Status.Attempt, Bytes(100)));
        Assert.Equal(127, (await steps.CountAsync()).StoredBytes);
        await steps.CancelAsync(released.Id); // an error takes the place of the checkpoint
        Assert.Equal(27, (await steps.CountAsync()).StoredBytes);

        await steps.RemoveAsync(released.Id);
        await steps.RemoveAsync(completed.Id);
        Assert.Equal(0, (await steps.CountAsync()).StoredBytes);
    }
}

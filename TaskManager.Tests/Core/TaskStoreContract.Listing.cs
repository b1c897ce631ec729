namespace TaskManager.Tests.Core;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task List_Everything_IsNewestFirst()
    {
        StoreSteps steps = Create();
        Assert.Equal((0, null), await ReadPageAsync(steps, new TaskQuery()));
        TaskRecord[] added = await steps.AddManyAsync(2_500);

        Assert.Equal(Ids(added[^100..].Reverse()), await steps.ListAsync(new TaskQuery()));
        Assert.Equal(Ids(added[^1_000..].Reverse()), await steps.ListAsync(new TaskQuery { Limit = 1_000 }));
        Assert.Equal(Ids(added.Reverse()), await ReadAllAsync(steps, new TaskQuery { Limit = 99 }));
    }

    [Fact]
    public async Task List_Filtered_GivesWhatMatchesAllOfIt()
    {
        StoreSteps steps = Create();
        TaskRecord red = await steps.AddAsync(new SubmitOptions { Tags = ["red", "big"] });
        TaskRecord other = await steps.AddAsync(new SubmitOptions { Tags = ["blue"] }, TestTypes.Other);
        TaskRecord plain = await steps.AddAsync();
        await steps.CancelAsync(other.Id);
        await steps.MoveAsync(plain.Id, LifecycleEvent.Pause());

        Assert.Equal(Ids([red]), await steps.ListAsync(new TaskQuery { States = [TaskState.Queued] }));
        Assert.Equal(Ids([plain, other]), await steps.ListAsync(new TaskQuery { States = [TaskState.Cancelled, TaskState.Paused, TaskState.Blocked] }));
        Assert.Equal(Ids([other]), await steps.ListAsync(new TaskQuery { TaskTypes = ["other", "none such"] }));
        Assert.Equal(Ids([plain, other, red]), await steps.ListAsync(new TaskQuery { TaskTypes = ["other", "plain"] }));
        Assert.Equal(Ids([red]), await steps.ListAsync(new TaskQuery { Tags = ["big"] }));
        Assert.Equal(Ids([other, red]), await steps.ListAsync(new TaskQuery { Tags = ["red", "blue", "big"] }));
        Assert.Empty(await steps.ListAsync(new TaskQuery { Tags = ["RED"] }));
        Assert.Empty(await steps.ListAsync(new TaskQuery { TaskTypes = ["OTHER"] }));
        Assert.Empty(await steps.ListAsync(new TaskQuery { Tags = ["red"], TaskTypes = ["other"] }));
        Assert.Empty(await steps.ListAsync(new TaskQuery { Tags = ["blue"], States = [TaskState.Queued] }));
    }

    [Fact]
    public async Task List_Items_StandAsTheyDoNow()
    {
        StoreSteps steps = Create();
        TaskRecord claimed = await steps.ClaimAsync(await steps.AddAsync());
        await ReportAsync(steps, claimed, step: 1);

        TaskPage page = await steps.Store.ListAsync(new TaskQuery(), CancellationToken.None);

        Assert.Equal(await steps.FindAsync(claimed.Id), Assert.Single(page.Items));
    }

    [Fact]
    public async Task List_PageThatIsFull_HasANextOneOnlyIfMoreIsThere()
    {
        StoreSteps steps = Create();
        TaskRecord[] added = await steps.AddManyAsync(10);

        Assert.Equal((10, null), await ReadPageAsync(steps, new TaskQuery { Limit = 10 }));
        (int count, long? next) = await ReadPageAsync(steps, new TaskQuery { Limit = 9 });
        Assert.Equal((9, true), (count, next is not null));

        Assert.Equal(Ids([added[0]]), await steps.ListAsync(new TaskQuery { Before = next }));
        Assert.Equal(Ids([added[2], added[1]]), await steps.ListAsync(new TaskQuery { Before = added[3].Definition.Sequence, Limit = 2 }));
        Assert.Empty(await steps.ListAsync(new TaskQuery { Before = added[0].Definition.Sequence }));
        Assert.Empty(await steps.ListAsync(new TaskQuery { Before = 0 }));
        Assert.Equal(10, (await steps.ListAsync(new TaskQuery { Before = long.MaxValue })).Length);
    }

    [Fact]
    public async Task List_RareMatches_GivesShortPagesThatLeadToThem()
    {
        const int Count = (2 * TaskQuery.MaxExamined) + 5;
        StoreSteps steps = Create();
        TaskRecord oldest = await steps.AddAsync(new SubmitOptions { Tags = ["rare"] });
        await steps.AddManyAsync(Count - 1);
        var query = new TaskQuery { Tags = ["rare"] };

        var pages = new List<int>();
        for (long? next = long.MaxValue; next is not null;)
        {
            (int count, next) = await ReadPageAsync(steps, query with { Before = next });
            pages.Add(count);
        }

        Assert.Equal([0, 0, 1], pages);
        Assert.Equal(Ids([oldest]), await ReadAllAsync(steps, query));
    }

    [Fact]
    public async Task List_BetweenPagesTasksComeAndGo_MissesNoneThatStays()
    {
        StoreSteps steps = Create();
        TaskRecord[] added = await steps.AddManyAsync(4_000);
        Guid[] stay = Ids(added.Where((_, i) => i % 7 == 0));
        Guid[] go = [.. Ids(added).Except(stay)];
        var listed = new List<Guid>();
        int removed = 0;
        for (long? next = long.MaxValue; next is not null;)
        {
            TaskPage page = await steps.Store.ListAsync(new TaskQuery { Limit = 50, Before = next }, CancellationToken.None);
            listed.AddRange(Ids(page.Items));
            next = page.Next;
            await steps.Store.AddAsync(StoreSteps.Submission(), CancellationToken.None);
            foreach (Guid id in go.Skip(removed).Take(60))
            {
                await RemoveNowAsync(steps, id);
                removed++;
            }
        }

        Assert.Equal(stay.Reverse(), listed.Where(stay.Contains));
        Assert.Equal(listed.Count, listed.Distinct().Count());
        Assert.Empty(listed.Except(Ids(added))); // what came later stands before the first page
    }

    private static async Task RemoveNowAsync(StoreSteps steps, Guid id)
    {
        TaskRecord found = (await steps.FindAsync(id))!.Value;
        LifecycleStatus cancelled = TaskLifecycle.Apply(found, LifecycleEvent.Cancel(), steps.Store.Now).Next!;
        await steps.Store.TryUpdateAsync(found, cancelled, CancellationToken.None);
        Assert.Equal(RemoveOutcome.Removed, await steps.Store.RemoveAsync(id, CancellationToken.None));
    }

    private static async Task<(int Count, long? Next)> ReadPageAsync(StoreSteps steps, TaskQuery query)
    {
        TaskPage page = await steps.Store.ListAsync(query, CancellationToken.None);
        return (page.Items.Count, page.Next);
    }

    private static async Task<List<Guid>> ReadAllAsync(StoreSteps steps, TaskQuery query)
    {
        var listed = new List<Guid>();
        for (long? next = long.MaxValue; next is not null;)
        {
            TaskPage page = await steps.Store.ListAsync(query with { Before = next }, CancellationToken.None);
            Assert.InRange(page.Items.Count, 0, query.Limit);
            listed.AddRange(Ids(page.Items));
            next = page.Next;
        }

        return listed;
    }
}

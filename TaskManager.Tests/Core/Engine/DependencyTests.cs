using System.Collections.Concurrent;

namespace TaskManager.Tests.Core.Engine;

public sealed class DependencyTests
{
    [Fact]
    public async Task DependsOn_Chain_TheChildReadsTheResultOfItsParent()
    {
        await using var fixture = EngineFixture.Create(async (task, context) =>
            context.DependsOn is [var parent] ? await context.ResultOfAsync<string>(parent) + " → " + task.Name : task.Name);
        TaskHandle<string> first = await fixture.SubmitAsync("first");

        TaskHandle<string> second = await fixture.SubmitAsync("second", new SubmitOptions { DependsOn = [first] });
        TaskHandle<string> third = await fixture.SubmitAsync("third", new SubmitOptions { DependsOn = [second] });

        Assert.Equal("first → second → third", await third.WaitAsync().Patiently());
    }

    [Fact]
    public async Task DependsOn_UnfinishedParents_BlocksAndNamesThem()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create((task, context) => task.Name == "parent" ? gate.HandleAsync(task, context) : Task.FromResult("child"));
        TaskHandle<string> parent = await fixture.SubmitAsync("parent");
        TaskHandle<string> child = await fixture.SubmitAsync("child", new SubmitOptions { DependsOn = [parent] });

        TaskWaitReason reason = (await fixture.Tasks.ExplainAsync((await child.GetAsync())!.Value))!;

        Assert.Equal("dependencies", reason.Reason);
        Assert.Equal([parent.Id], reason.TaskIds!);
        gate.Open();
        Assert.Equal("child", await child.WaitAsync().Patiently());
    }

    [Fact]
    public async Task DependsOn_DiamondOverTenThousand_CompletesInOrder()
    {
        const int Middle = 9_998;
        var order = new ConcurrentQueue<string>();
        await using var fixture = EngineFixture.Create(
            (task, _) =>
            {
                order.Enqueue(task.Name);
                return Task.FromResult(task.Name);
            },
            options => options.MaxRetained = 20_000);
        fixture.Pool.Stop();
        TaskHandle<string> top = await fixture.SubmitAsync("top");
        IReadOnlyList<TaskHandle<string>> middle = await fixture.Tasks.SubmitManyAsync(
            Enumerable.Range(0, Middle).Select(i => new Work("middle")), new SubmitOptions { DependsOn = [top] });
        var joints = new List<TaskHandle<string>>();
        foreach (TaskHandle<string>[] part in middle.Chunk(SubmitOptions.MaxParents))
        {
            joints.Add(await fixture.SubmitAsync("joint", new SubmitOptions { DependsOn = [.. part.Select(handle => handle.Id)] }));
        }

        TaskHandle<string> bottom = await fixture.SubmitAsync("bottom", new SubmitOptions { DependsOn = [.. joints.Select(handle => handle.Id)] });
        fixture.Pool.Start();
        await bottom.WaitAsync().Patiently();

        string[] ran = [.. order];
        Assert.Equal(("top", "bottom", 1 + Middle + joints.Count + 1), (ran[0], ran[^1], ran.Length));
        Assert.Equal(Middle, ran.Count(name => name == "middle"));
        Assert.DoesNotContain("blocked", (await StatesAsync(fixture, middle)).Select(state => state.WireName()));
    }

    [Fact]
    public async Task DependsOn_FailureInTheMiddle_CancelsExactlyItsDescendants()
    {
        await using var fixture = EngineFixture.Create((task, _) => task.Name == "bad" ? throw new InvalidOperationException("broken") : Task.FromResult(task.Name));
        fixture.Pool.Stop();
        TaskHandle<string> top = await fixture.SubmitAsync("top");
        TaskHandle<string> good = await fixture.SubmitAsync("good", new SubmitOptions { DependsOn = [top] });
        TaskHandle<string> bad = await fixture.SubmitAsync("bad", new SubmitOptions { DependsOn = [top] });
        TaskHandle<string> underGood = await fixture.SubmitAsync("under good", new SubmitOptions { DependsOn = [good] });
        TaskHandle<string> underBad = await fixture.SubmitAsync("under bad", new SubmitOptions { DependsOn = [bad] });
        TaskHandle<string> deeper = await fixture.SubmitAsync("deeper", new SubmitOptions { DependsOn = [underBad, underGood] });
        TaskHandle<string> allTheSame = await fixture.SubmitAsync("all the same", new SubmitOptions { DependsOn = [bad], OnDependencyFailure = DependencyFailurePolicy.Run });
        fixture.Pool.Start();

        TaskState[] states = await Task.WhenAll(new[] { top, good, bad, underGood, underBad, deeper, allTheSame }.Select(async handle => (await handle.WhenEndedAsync().Patiently()).State));

        Assert.Equal(
            [TaskState.Completed, TaskState.Completed, TaskState.Failed, TaskState.Completed, TaskState.Cancelled, TaskState.Cancelled, TaskState.Completed],
            states);
        TaskError error = (await underBad.GetAsync())!.Value.Status.Error!;
        Assert.Equal(TaskErrorCodes.DependencyFailed, error.Code);
        Assert.Contains(bad.Id.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResultOf_TaskThatHasNotCompleted_SaysSo()
    {
        var gate = new Gate();
        await using var fixture = EngineFixture.Create(async (task, context) => task.Name == "running" ? await gate.HandleAsync(task, context) : await context.ResultOfAsync<string>(Guid.Parse(task.Name)));
        TaskHandle<string> running = await fixture.SubmitAsync("running");
        await gate.Entered;

        TaskHandle<string> early = await fixture.SubmitAsync(running.Id.ToString());
        TaskHandle<string> unknown = await fixture.SubmitAsync(Guid.NewGuid().ToString());

        Assert.Equal("TaskManager.TaskNotCompletedException", (await early.OutcomeAsync().Patiently()).Error!.Type);
        Assert.Equal("TaskManager.TaskNotFoundException", (await unknown.OutcomeAsync().Patiently()).Error!.Type);
        gate.Open();
    }

    private static async Task<TaskState[]> StatesAsync(EngineFixture fixture, IEnumerable<TaskHandle<string>> handles)
    {
        var states = new List<TaskState>();
        foreach (TaskHandle<string> handle in handles)
        {
            states.Add((await fixture.Tasks.GetAsync(handle.Id))!.Value.State);
        }

        return [.. states];
    }
}

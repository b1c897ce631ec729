namespace TaskManager.Tests.AspNetCore;

/// <summary><c>priority</c> and <c>fairness_key</c> over the wire: the order of the starts, as the event stream tells it.</summary>
[Trait("Proof", "http")]
public sealed class OrderTests
{
    [Fact]
    public async Task Priority_HigherStartsFirst_ButEveryEighthTheOldest()
    {
        string[] order = await OrderAsync(
            [("low 0", "\"priority\":\"low\""), ("low 1", "\"priority\":\"low\""), ("normal", "\"tags\":[]"),
            .. Enumerable.Range(0, 9).Select(i => ($"high {i}", "\"priority\":\"high\"")), ("critical", "\"priority\":\"critical\"")]);

        Assert.Equal(["critical", "high 0", "high 1", "high 2", "high 3", "high 4", "high 5", "low 0", "high 6", "high 7", "high 8", "normal", "low 1"], order);
    }

    [Fact]
    public async Task FairnessKeys_TakeTurns()
    {
        string[] order = await OrderAsync(
            [.. Enumerable.Range(0, 3).Select(i => ($"a {i}", "\"fairness_key\":\"a\"")), ("b 0", "\"fairness_key\":\"b\""), ("none", "\"fairness_key\":null"), ("b 1", "\"fairness_key\":\"b\"")]);

        Assert.Equal(["a 0", "b 0", "none", "a 1", "b 1", "a 2"], order);
    }

    [Fact]
    public async Task SameKey_InTheOrderOfTheirSubmission()
    {
        string[] names = [.. Enumerable.Range(0, 50).Select(i => $"{i}")];
        Assert.Equal(names, await OrderAsync([.. names.Select(name => (name, "\"priority\":\"normal\",\"fairness_key\":\"k\""))]));
    }

    [Fact]
    public async Task PausedAndResumed_KeepsItsPlace()
    {
        await using HttpApp app = await EventApp.StartAsync(options => options.MaxConcurrency = 1);
        app.Pool.Stop();
        string[] ids = [await app.SubmitAsync("echo"), await app.SubmitAsync("echo"), await app.SubmitAsync("echo")];
        (await app.PostAsync($"/tasks/{ids[0]}/pause")).Is(200);
        (await app.PostAsync($"/tasks/{ids[0]}/resume")).Is(200);

        Assert.Equal(ids, await StartsAsync(app, ids.Length));
    }

    /// <summary>Submits tasks to a pool that stands still, lets it go, one task at a time, and tells in which order it began them.</summary>
    private static async Task<string[]> OrderAsync((string Name, string Options)[] tasks)
    {
        await using HttpApp app = await EventApp.StartAsync(options => options.MaxConcurrency = 1);
        app.Pool.Stop();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string options) in tasks)
        {
            names.Add(await app.SubmitAsync("echo", "1", options), name);
        }

        return [.. (await StartsAsync(app, tasks.Length)).Select(id => names[id])];
    }

    private static async Task<string[]> StartsAsync(HttpApp app, int count)
    {
        await using EventStreamClient stream = await EventStreamClient.OpenAsync(app, "/tasks/events?status=processing");
        app.Pool.Start();
        return [.. (await stream.ReadAsync(count)).Select(e => e.Text("task_id"))];
    }
}

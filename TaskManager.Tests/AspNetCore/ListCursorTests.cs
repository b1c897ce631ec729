using System.Text.RegularExpressions;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed partial class ListCursorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Cursor_FollowedToTheEnd_ShowsEachTaskOnce(int limit)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        List<string> ids = await SubmitAsync(app, 10);
        Assert.Equal(ids.AsEnumerable().Reverse(), await FollowAsync(app, $"/tasks?limit={limit}"));
    }

    [Fact]
    public async Task Cursor_TasksComeAndGoMeanwhile_TheRestIsShownOnce()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        List<string> ids = await SubmitAsync(app, 6);
        HttpAnswer first = await app.GetAsync("/tasks?limit=2");
        await SubmitAsync(app, 3);
        (await app.DeleteAsync($"/tasks/{ids[3]}?purge=true")).Is(204);
        HttpAnswer second = await app.GetAsync($"/tasks?limit=2&cursor={first.Member("next_cursor").GetString()}");
        Assert.Equal([ids[5], ids[4]], ListTests.Ids(first));
        Assert.Equal([ids[2], ids[1]], ListTests.Ids(second));
    }

    [Fact]
    public async Task Link_Next_LeadsThroughTheWholeListWithItsFilters()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        List<string> ids = await SubmitAsync(app, 5, "\"tags\":[\"a b&c\"]");
        await SubmitAsync(app, 5);
        var seen = new List<string>();
        string? next = "/tasks?tag=a%20b%26c&limit=2&x=%C3%A9";
        while (next is not null)
        {
            HttpAnswer page = (await app.GetAsync(next)).Is(200);
            seen.AddRange(ListTests.Ids(page));
            Assert.Equal(page.Json.TryGetProperty("next_cursor", out _), page.Header("Link") is not null);
            next = page.Header("Link") is { } link ? LinkForm().Match(link).Groups["uri"].Value : null;
        }

        Assert.Equal(ids.AsEnumerable().Reverse(), seen);
    }

    [Fact]
    public async Task Cursor_Forged_IsRefused()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        await SubmitAsync(app, 3);
        string cursor = (await app.GetAsync("/tasks?limit=1")).Member("next_cursor").GetString()!;
        (await app.GetAsync($"/tasks?cursor={cursor}")).Is(200);
        for (int i = 0; i < cursor.Length; i++)
        {
            char other = cursor[i] == 'A' ? 'Q' : 'A'; // they differ in a bit that means something even in the last place
            (await app.GetAsync($"/tasks?cursor={cursor[..i]}{other}{cursor[(i + 1)..]}")).IsInvalid("cursor");
        }

        (await app.GetAsync($"/tasks?cursor={cursor}&cursor={cursor}")).IsInvalid("cursor");
        (await app.GetAsync($"/tasks?cursor={cursor}A")).IsInvalid("cursor");
        (await app.GetAsync($"/tasks?cursor={cursor[1..]}")).IsInvalid("cursor");
        (await app.GetAsync($"/tasks?cursor={new string('A', 10_000)}")).IsInvalid("cursor");
    }

    [Fact]
    public async Task Cursor_OfAnotherRun_IsRefused()
    {
        await using HttpApp one = await HttpApp.StartAsync();
        await using HttpApp other = await HttpApp.StartAsync();
        await SubmitAsync(one, 3);
        await SubmitAsync(other, 3);
        string cursor = (await one.GetAsync("/tasks?limit=1")).Member("next_cursor").GetString()!;
        (await other.GetAsync($"/tasks?cursor={cursor}")).IsInvalid("cursor");
    }

    [Fact]
    public async Task Cursor_RareMatchAmongMany_PagesMayBeShortAndTheEndIsFound()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        string rare = await app.SubmitAsync("gate", "{}", "\"tags\":[\"rare\"]");
        for (int i = 0; i < 2; i++)
        {
            (await app.PostAsync("/tasks/batch", BatchTests.Array(Enumerable.Repeat("""{"task_type":"gate"}""", 10_000)))).Is(200);
        }

        HttpAnswer first = await app.GetAsync("/tasks?tag=rare");
        Assert.Empty(ListTests.Ids(first)); // 10,000 tasks are looked at, at most
        Assert.Equal([rare], await FollowAsync(app, "/tasks?tag=rare"));
    }

    [Fact]
    public async Task Page_OfLargeTasks_EndsEarlyAndIsFollowedByTheRest()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        string large = $$"""{"task_type":"echo","parameters":"{{new string('x', 256_000)}}"}""";
        var ids = new List<string>();
        for (int i = 0; i < 40; i++)
        {
            ids.Insert(0, (await app.PostAsync("/tasks", large)).Is(202).Id);
        }

        HttpAnswer first = await app.GetAsync("/tasks?limit=40");
        Assert.InRange(first.Text.Length, 8_000_000, 9_000_000);
        Assert.NotNull(first.Header("Link"));
        Assert.Equal(ids, await FollowAsync(app, "/tasks?limit=40"));
    }

    [GeneratedRegex("^<(?<uri>[^>]+)>; rel=\"next\"$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LinkForm();

    private static async Task<List<string>> SubmitAsync(HttpApp app, int count, string? options = null)
    {
        var ids = new List<string>();
        for (int i = 0; i < count; i++)
        {
            ids.Add(await app.SubmitToEndAsync("echo", "{}", options));
        }

        return ids;
    }

    private static async Task<List<string>> FollowAsync(HttpApp app, string path)
    {
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            HttpAnswer page = (await app.GetAsync(cursor is null ? path : $"{path}&cursor={cursor}")).Is(200);
            seen.AddRange(ListTests.Ids(page));
            cursor = page.Json.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        return seen;
    }
}

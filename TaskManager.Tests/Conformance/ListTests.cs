using System.Text.Json;
using System.Text.RegularExpressions;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary><c>GET /tasks</c>: filters, pages and lines.</summary>
public sealed partial class ListTests(ConformanceHost host) : WireTest(host)
{
    private static readonly (string, string) Lines = ("Accept", "application/x-ndjson");

    [Fact]
    public async Task List_Tasks_AreAsEverywhereElseAndTheNewestFirst()
    {
        string tag = NewKey();
        string[] ids = await SubmitManyAsync(3, tag);

        HttpAnswer page = (await Wire.GetAsync($"/tasks?tag={tag}")).Is(200);

        Assert.Equal(ids.Reverse(), Ids(page));
        Assert.Equal(Members((await TaskAsync(ids[0])).Json), Members(page.Member("items")[2]));
        Assert.Equal(["items"], Members(page.Json)); // no next_cursor: the end
        Assert.Null(page.Header("Link"));
    }

    [Fact]
    public async Task List_Filters_AreAllHeldAndTakeSeveralValues()
    {
        (string red, string blue) = (NewKey(), NewKey());
        WireWorker worker = await StartWorkerAsync();
        string failed = await FailedAsync(worker, $"\"tags\":[\"{red}\",\"{blue}\"]");
        string completed = await CompletedAsync(worker, $"\"tags\":[\"{red}\"]");
        string queued = await SubmitAsync($"\"tags\":[\"{blue}\"]");
        string other = await SubmitAsync($"\"tags\":[\"{red}\"]", OtherTaskType);

        await AssertListedAsync($"tag={red}", other, completed, failed);
        await AssertListedAsync($"tag={red},{blue}", other, queued, completed, failed);
        await AssertListedAsync($"tag={red}&tag={blue}", other, queued, completed, failed);
        await AssertListedAsync($"tag={red}&status=completed", completed);
        await AssertListedAsync($"tag={red}&status=completed,failed", completed, failed);
        await AssertListedAsync($"tag={red}&status=completed&status=failed", completed, failed);
        await AssertListedAsync($"tag={red}&type={OtherTaskType}", other);
        await AssertListedAsync($"type={TaskType}&status=queued", queued);
        await AssertListedAsync($"tag={red}&status=timed_out");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(1000)]
    public async Task Cursor_FollowedToTheEnd_ShowsEveryTaskOnceAndInOrder(int limit)
    {
        string tag = NewKey();
        string[] ids = await SubmitManyAsync(10, tag);

        Assert.Equal(ids.Reverse(), await FollowAsync($"/tasks?tag={tag}&limit={limit}", page => Assert.InRange(Ids(page).Count(), 0, limit)));
    }

    [Fact]
    public async Task Cursor_TasksComeAndGoMeanwhile_TheRestIsShownOnce()
    {
        string tag = NewKey();
        string[] ids = await SubmitManyAsync(6, tag);
        HttpAnswer first = await Wire.GetAsync($"/tasks?tag={tag}&limit=2");
        await SubmitManyAsync(3, tag);
        (await Wire.DeleteAsync($"/tasks/{ids[3]}?purge=true")).Is(204);

        List<string> rest = await FollowAsync($"/tasks?tag={tag}&limit=2", firstCursor: first.Member("next_cursor").GetString());

        Assert.Equal([ids[5], ids[4]], Ids(first));
        Assert.Equal([ids[2], ids[1], ids[0]], rest);
    }

    [Fact]
    public async Task Link_Next_LeadsThroughTheWholeListWithItsFilters()
    {
        string tag = NewKey();
        string[] ids = await SubmitManyAsync(5, tag);
        var seen = new List<string>();
        var next = Wire.At($"/tasks?tag={tag}&limit=2");
        while (next is not null)
        {
            HttpAnswer page = await Wire.SendAsync(HttpMethod.Get, next, content: null);
            seen.AddRange(Ids(page));
            Assert.True(seen.Count <= ids.Length, "The links lead through more than there is.");
            Assert.Equal(page.Json.TryGetProperty("next_cursor", out _), page.Header("Link") is not null);
            next = page.Header("Link") is { } link ? new Uri(next, NextLink().Match(link).Groups["address"].Value) : null;
        }

        Assert.Equal(ids.Reverse(), seen);
    }

    [Fact]
    public async Task Link_OfACursorInOtherLetters_HasOneCursorAlone()
    {
        string tag = NewKey();
        string[] ids = await SubmitManyAsync(3, tag);
        string? cursor = (await Wire.GetAsync($"/tasks?tag={tag}&limit=1")).Member("next_cursor").GetString();
        Uri second = Wire.At($"/tasks?tag={tag}&limit=1&Cursor={cursor}");

        string link = (await Wire.SendAsync(HttpMethod.Get, second, content: null)).Is(200).Header("Link")!;
        HttpAnswer third = await Wire.SendAsync(HttpMethod.Get, new Uri(second, NextLink().Match(link).Groups["address"].Value), content: null);

        Assert.Equal([ids[0]], Ids(third.Is(200)));
    }

    [Fact]
    public async Task Limit_Default_Is100()
    {
        string tag = NewKey();
        await SubmitManyAsync(101, tag);

        HttpAnswer page = await Wire.GetAsync($"/tasks?tag={tag}");

        Assert.Equal(100, Ids(page).Count());
        Assert.Single(Ids(await Wire.GetAsync($"/tasks?tag={tag}&cursor={page.Member("next_cursor").GetString()}")));
    }

    [Theory]
    [InlineData("status=done", "status")]
    [InlineData("status=", "status")]
    [InlineData("type=nobody_knows_it", "type")]
    [InlineData("tag=", "tag")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("cursor=AAAA", "cursor")]
    [InlineData("status=x&type=y_z&tag=&limit=z&cursor=w", "cursor", "limit", "status", "tag", "type")]
    public async Task List_WrongValue_IsNamed(string query, params string[] fields)
    {
        (await Wire.GetAsync($"/tasks?{query}")).IsInvalid(fields);
        (await Wire.GetAsync($"/tasks?{query}", Lines)).IsInvalid(fields);
    }

    [Fact]
    public async Task Lines_AreTheWholeMatchWhateverTheLimit()
    {
        string tag = NewKey();
        string[] ids = await SubmitManyAsync(120, tag);

        HttpAnswer answer = (await Wire.GetAsync($"/tasks?tag={tag}&limit=7", Lines)).Is(200);

        Assert.Equal("application/x-ndjson", answer.ContentType);
        JsonElement[] tasks = [.. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
        Assert.Equal(ids.Reverse(), tasks.Select(IdOf));
        Assert.Equal(Members((await TaskAsync(ids[0])).Json), Members(tasks[^1]));
    }

    [Fact]
    public async Task Head_IsAGetWithoutItsBody()
    {
        Assert.Equal("application/json", (await Wire.SendAsync(HttpMethod.Head, "/tasks?limit=1")).Is(200).ContentType);
        Assert.Equal("application/x-ndjson", (await Wire.SendAsync(HttpMethod.Head, "/tasks", json: null, Lines)).Is(200).ContentType);
    }

    [GeneratedRegex("^<(?<address>[^>]+)>; rel=\"next\"$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NextLink();

    private async Task AssertListedAsync(string query, params string[] ids) => Assert.Equal(ids, await FollowAsync($"/tasks?{query}"));

    private async Task<string[]> SubmitManyAsync(int count, string tag)
    {
        string items = string.Join(',', Enumerable.Repeat(Body($"\"tags\":[\"{tag}\"]"), count));
        HttpAnswer answer = (await PostAsync(WireClient.Content($"[{items}]"), "/tasks/batch")).Is(200);
        return [.. answer.Json.EnumerateArray().Select(item => IdOf(item.GetProperty("task")))];
    }

    private async Task<List<string>> FollowAsync(string path, Action<HttpAnswer>? check = null, string? firstCursor = null)
    {
        var seen = new List<string>();
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        string? cursor = firstCursor;
        do
        {
            Assert.True(cursors.Add(cursor ?? string.Empty), "The cursor leads back to where it came from.");
            HttpAnswer page = (await Wire.GetAsync(cursor is null ? path : $"{path}&cursor={cursor}")).Is(200);
            check?.Invoke(page);
            seen.AddRange(Ids(page));
            cursor = page.Json.TryGetProperty("next_cursor", out JsonElement next) ? next.GetString() : null;
        }
        while (cursor is not null);
        return seen;
    }
}

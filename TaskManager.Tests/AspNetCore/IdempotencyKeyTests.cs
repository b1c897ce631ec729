using System.Text;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class IdempotencyKeyTests
{
    private const string Body = """{"task_type":"gate"}""";

    [Fact]
    public async Task Submit_SameBodyUnderTheKey_AnswersTheFirstTaskAsItIsNow()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer first = (await app.PostAsync("/tasks", Body, ("Idempotency-Key", "\"k-1\""))).Is(202);
        Assert.Null(first.Header("Idempotency-Replayed"));
        app.Handlers.Release();
        await app.UntilAsync(first.Id, TaskState.Completed);

        HttpAnswer again = (await app.PostAsync("/tasks", Body, ("Idempotency-Key", "k-1"))).Is(202); // bare is the same key
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal(first.Id, again.Id);
        Assert.Equal("completed", again.TaskStatus);
        Assert.Equal(first.Header("Location"), again.Header("Location"));
    }

    [Theory]
    [InlineData("""{"task_type":"gate","priority":"low"}""")]
    [InlineData("""{"task_type":"gate" }""")]
    public async Task Submit_OtherBytesUnderTheKey_AreRefused(string other)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = (await app.PostAsync("/tasks", Body, ("Idempotency-Key", "k"))).Is(202).Id;
        await app.Handlers.EnteredAsync(); // from here on nothing moves by itself
        string before = await app.StateAsync();
        (await app.PostAsync("/tasks", other, ("Idempotency-Key", "k"))).IsProblem(422, "idempotency-key-reused");
        Assert.Equal(before, await app.StateAsync());
        Assert.Equal(id, (await app.PostAsync("/tasks", Body, ("Idempotency-Key", "k"))).Is(202).Id);
    }

    [Fact]
    public async Task Submit_RefusedRequest_UsesUpNoKey()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.QueueCapacity = 1 });
        (await app.PostAsync("/tasks", """{"task_type":"gate","priority":"urgent"}""", ("Idempotency-Key", "k"))).IsInvalid("priority");
        (await app.PostAsync("/tasks", "{", ("Idempotency-Key", "k"))).IsProblem(400, "malformed-json");
        string other = await app.SubmitRunningAsync();
        (await app.PostAsync("/tasks", """{"task_type":"echo"}""", ("Idempotency-Key", "k"))).IsProblem(503, "queue-full");
        app.Handlers.Release();
        await app.UntilAsync(other, TaskState.Completed);

        HttpAnswer accepted = (await app.PostAsync("/tasks", Body, ("Idempotency-Key", "k"))).Is(202);
        Assert.Null(accepted.Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Submit_TaskOfTheKeyIsGone_TheKeyIsFree()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string first = (await app.PostAsync("/tasks", Body, ("Idempotency-Key", "k"))).Is(202).Id;
        app.Handlers.Release();
        await app.UntilAsync(first, TaskState.Completed);
        (await app.DeleteAsync($"/tasks/{first}?purge=true")).Is(204);

        HttpAnswer second = (await app.PostAsync("/tasks", """{"task_type":"echo"}""", ("Idempotency-Key", "k"))).Is(202);
        Assert.NotEqual(first, second.Id);
        Assert.Null(second.Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Submit_ReplayThatPrefersToWait_AnswersTheEnd()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.PostAsync("/tasks", """{"task_type":"add","parameters":{"a":1,"b":2}}""", ("Idempotency-Key", "k"))).Is(202);
        HttpAnswer again = (await app.PostAsync("/tasks", """{"task_type":"add","parameters":{"a":1,"b":2}}""", ("Idempotency-Key", "k"), ("Prefer", "wait=5"))).Is(200);
        Assert.Equal("completed", again.TaskStatus);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\u0001")]
    [InlineData("caf\u00e9")]
    public async Task Submit_BadKey_IsRefused(string key)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.PostAsync("/tasks", Body, ("Idempotency-Key", key))).IsInvalid("Idempotency-Key");
        Assert.Empty((await app.Tasks.ListAsync(new TaskQuery(), TestContext.Current.CancellationToken)).Items);
    }

    [Theory]
    [InlineData(255, 202)]
    [InlineData(256, 400)]
    public async Task Submit_LengthOfTheKey_IsBounded(int length, int status)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.PostAsync("/tasks", Body, ("Idempotency-Key", new string('k', length)))).Is(status);
    }

    [Fact]
    public async Task Submit_EmptyKey_IsRefused()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { OnKestrel = true });
        byte[] request = Encoding.Latin1.GetBytes(
            $"POST /tasks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\nIdempotency-Key: \r\n\r\n{Body}");
        (await RawHttp.SendAsync(app.Address, request)).IsInvalid("Idempotency-Key");
    }

    [Fact]
    public async Task Submit_TwoKeys_AreRefused()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.PostAsync("/tasks", Body, ("Idempotency-Key", "a"), ("Idempotency-Key", "b"))).IsInvalid("Idempotency-Key");
    }

    [Fact]
    public async Task Submit_BadKeyAndBadBody_AreNamedTogether()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.PostAsync("/tasks", """{"task_type":"gate","priority":"urgent"}""", ("Idempotency-Key", "\"\""))).IsInvalid("Idempotency-Key", "priority");
    }
}

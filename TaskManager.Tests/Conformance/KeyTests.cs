using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary><c>Idempotency-Key</c>, <c>unique_key</c> and <c>reuse_result_for_seconds</c>.</summary>
public sealed class KeyTests(ConformanceHost host) : WireTest(host)
{
    [Fact]
    public async Task IdempotencyKey_SameBody_AnswersTheFirstTaskAsItIsNow()
    {
        string key = NewKey();
        HttpAnswer first = (await PostAsync(Body(), ("Idempotency-Key", $"\"{key}\""))).Is(202);
        Assert.Null(first.Header("Idempotency-Replayed"));
        (await Wire.PostAsync($"/tasks/{first.Id}/pause")).Is(200);

        HttpAnswer again = (await PostAsync(Body(), ("Idempotency-Key", key))).Is(202); // bare is the same key

        Assert.Equal((first.Id, "paused", "true"), (again.Id, again.TaskStatus, again.Header("Idempotency-Replayed")));
        Assert.Equal(first.Header("Location"), again.Header("Location"));
    }

    [Fact]
    public async Task IdempotencyKey_OtherBytes_Is422AndMakesNoTask()
    {
        string key = NewKey();
        string tag = $"\"tags\":[\"{key}\"]";
        string first = (await PostAsync(Body(tag), ("Idempotency-Key", key))).Is(202).Id;

        (await PostAsync(Body($"{tag} "), ("Idempotency-Key", key))).IsProblem(422, "idempotency-key-reused");

        Assert.Equal([first], Ids(await Wire.GetAsync($"/tasks?tag={key}")));
    }

    [Fact]
    public async Task IdempotencyKey_ManyAtOnce_MakeOneTaskAndAreNever409()
    {
        string key = NewKey();

        HttpAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Wire.PostAsync("/tasks", Body(), ("Idempotency-Key", key))));

        await PostAsync(Body(), ("Idempotency-Key", key)); // remembered, to be removed
        Assert.Single(answers.Select(answer => answer.Is(202).Id).Distinct(StringComparer.Ordinal));
        Assert.Equal(19, answers.Count(answer => answer.Header("Idempotency-Replayed") == "true"));
    }

    [Fact]
    public async Task IdempotencyKey_RefusedRequest_UsesUpNoKey()
    {
        string key = NewKey();
        (await PostAsync(Body("\"priority\":\"urgent\""), ("Idempotency-Key", key))).IsInvalid("priority");
        (await PostAsync("{", ("Idempotency-Key", key))).IsProblem(400, "malformed-json");

        Assert.Null((await PostAsync(Body(), ("Idempotency-Key", key))).Is(202).Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task IdempotencyKey_TaskIsGone_TheKeyIsFree()
    {
        string key = NewKey();
        string first = (await PostAsync(Body(), ("Idempotency-Key", key))).Is(202).Id;
        (await Wire.DeleteAsync($"/tasks/{first}?purge=true")).Is(204);

        HttpAnswer second = (await PostAsync(Body("\"priority\":\"low\""), ("Idempotency-Key", key))).Is(202);

        Assert.NotEqual(first, second.Id);
        Assert.Null(second.Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task IdempotencyKey_Empty_IsRefused() => (await PostAsync(Body(), ("Idempotency-Key", "\"\""))).IsInvalid("Idempotency-Key");

    [Fact]
    public async Task UniqueKey_OfAnUnfinishedTask_AnswersThatTask()
    {
        string key = $"\"unique_key\":\"{NewKey()}\"";
        string first = await SubmitAsync(key);

        HttpAnswer second = (await PostAsync(Body($"{key},\"priority\":\"high\""))).Is(202);

        Assert.Equal((first, "unique-key", "normal"), (second.Id, second.Header("Task-Reused"), second.Member("priority").GetString()));
        Assert.Equal(Wire.At($"/tasks/{first}"), new Uri(Wire.Address, second.Header("Location")));
    }

    [Fact]
    public async Task UniqueKey_OfAnEndedTaskOrAnotherType_MakesATask()
    {
        string key = $"\"unique_key\":\"{NewKey()}\"";
        string first = await SubmitAsync(key);
        Assert.Null((await PostAsync(Body(key, OtherTaskType))).Is(202).Header("Task-Reused"));
        (await Wire.DeleteAsync($"/tasks/{first}")).Is(200);

        HttpAnswer later = (await PostAsync(Body(key))).Is(202);

        Assert.NotEqual(first, later.Id);
        Assert.Null(later.Header("Task-Reused"));
    }

    [Fact]
    public async Task ReuseResult_OfEqualParametersInAnyOrder_Is200WithThatTask()
    {
        string mark = NewKey();
        string first = await CompletedAsync(await StartWorkerAsync(), $$"""
            "reuse_result_for_seconds":3600,"parameters":{"mark":"{{mark}}","y":[1,{"p":1,"q":2}]}
            """, "\"found\"");

        HttpAnswer reused = (await PostAsync(Body($$"""
            "reuse_result_for_seconds":3600,"parameters":{"y":[1,{"q":2,"p":1}],"mark":"{{mark}}"}
            """))).Is(200);

        Assert.Equal((first, "result", "completed", "\"found\""), (reused.Id, reused.Header("Task-Reused"), reused.TaskStatus, reused.Member("result").GetRawText()));
    }

    [Fact]
    public async Task ReuseResult_OtherParametersOrNotOffered_MakesATask()
    {
        WireWorker worker = await StartWorkerAsync();
        string parameters = $"\"parameters\":[\"{NewKey()}\",1]";
        await CompletedAsync(worker, parameters);

        Assert.Null((await PostAsync(Body($"{parameters},\"reuse_result_for_seconds\":3600"))).Is(202).Header("Task-Reused")); // the first did not offer its result
        await worker.CompleteAsync(await worker.ClaimAsync());
        Assert.Null((await PostAsync(Body(parameters))).Is(202).Header("Task-Reused")); // this one does not ask for one
        Assert.Null((await PostAsync(Body($"\"parameters\":[\"{NewKey()}\",1],\"reuse_result_for_seconds\":3600"))).Is(202).Header("Task-Reused"));
    }
}

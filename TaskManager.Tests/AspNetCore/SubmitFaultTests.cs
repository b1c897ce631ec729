using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class SubmitFaultTests
{
    private const string UnknownId = "01980000-0000-7000-8000-000000000000";

    [Fact]
    public async Task Submit_ManyFaults_AreNamedTogether()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string before = await app.StateAsync();
        JsonElement errors = (await app.PostAsync("/tasks", $$$"""
            {"task_type":"order","priority":"urgent","delay_seconds":-1,"run_at":"tomorrow","timeout_seconds":"5","max_attempts":0,
             "depends_on":["x","{{{UnknownId}}}"],"on_dependency_failure":"panic","unique_key":"","reuse_result_for_seconds":0,"fairness_key":7,"tags":["ok",""],"bogus":{},
             "parameters":{"customer":"","colour":"pink","items":[{"name":"long","count":11},{"count":"x","size":1}],"discount":101}}
            """)).IsInvalid(
                "bogus",
                "delay_seconds",
                "depends_on",
                "depends_on[0]",
                "fairness_key",
                "max_attempts",
                "on_dependency_failure",
                "parameters.colour",
                "parameters.customer",
                "parameters.discount",
                "parameters.items[0].count",
                "parameters.items[0].name",
                "parameters.items[1].count",
                "parameters.items[1].name",
                "parameters.items[1].size",
                "priority",
                "reuse_result_for_seconds",
                "run_at",
                "tags[1]",
                "timeout_seconds",
                "unique_key");
        Assert.Equal("must be one of deep_red, green, not \"pink\".", errors.GetProperty("parameters.colour")[0].GetString());
        Assert.Equal("must be from 1 to 10, not 11.", errors.GetProperty("parameters.items[0].count")[0].GetString());
        Assert.Contains("is missing", errors.GetProperty("parameters.items[1].name")[0].GetString()!, StringComparison.Ordinal);
        Assert.Contains(UnknownId, errors.GetProperty("depends_on")[0].GetString()!, StringComparison.Ordinal);
        Assert.Equal(before, await app.StateAsync());
    }

    [Fact]
    public async Task Submit_UnknownType_NamesTheNearestAndEveryOtherFault()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        JsonElement problem = (await app.PostAsync("/tasks", $$"""{"task_type":"gat","priority":"urgent","depends_on":["{{UnknownId}}"],"x":1}""")).IsProblem(400, "unknown-task-type");
        Assert.Contains("\"gat\"", problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Contains("\"gate\"", problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Equal(["depends_on", "priority", "task_type", "x"], HttpAnswer.ErrorFields(problem));
        IEnumerable<string> known = problem.GetProperty("known_task_types").EnumerateArray().Select(name => name.GetString()!);
        Assert.Equal(app.Tasks.Types.All.Select(type => type.Name), known);
    }

    [Theory]
    [InlineData("GATE", true)]
    [InlineData("zzzzzzzzzzzz", false)]
    [InlineData("", false)]
    [InlineData("\\u0000", false)]
    public async Task Submit_UnknownType_NamesTheNearestOnlyIfOneComesNear(string type, bool near)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        JsonElement problem = (await app.PostAsync("/tasks", $$"""{"task_type":"{{type}}"}""")).IsProblem(400, "unknown-task-type");
        Assert.Equal(near, problem.GetProperty("detail").GetString()!.Contains("Did you mean", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}", "task_type")]
    [InlineData("""{"task_type":null}""", "task_type")]
    [InlineData("""{"task_type":5,"tags":"x"}""", "tags", "task_type")]
    [InlineData("[]", "body")]
    [InlineData("null", "body")]
    [InlineData("\"add\"", "body")]
    [InlineData("7", "body")]
    [InlineData("""{"task_type":"add"}""", "parameters.a", "parameters.b")]
    [InlineData("""{"task_type":"add","parameters":null}""", "parameters")]
    [InlineData("""{"task_type":"add","parameters":[]}""", "parameters")]
    [InlineData("""{"task_type":"add","parameters":"{}"}""", "parameters")]
    [InlineData("""{"task_type":"add","parameters":{"a":1}}""", "parameters.b")]
    [InlineData("""{"task_type":"add","parameters":{"a":1,"b":null}}""", "parameters.b")]
    [InlineData("""{"task_type":"add","parameters":{"a":1,"b":"2"}}""", "parameters.b")]
    [InlineData("""{"task_type":"add","parameters":{"a":1.5,"b":2147483648}}""", "parameters.a", "parameters.b")]
    [InlineData("""{"task_type":"add","parameters":{"a":1,"b":2,"c":3,"A":4}}""", "parameters.A", "parameters.c")]
    [InlineData("""{"task_type":"order","parameters":{"customer":"c","colour":0,"items":[]}}""", "parameters.colour")]
    [InlineData("""{"task_type":"order","parameters":{"customer":"","colour":"green","items":[]}}""", "parameters.customer")]
    [InlineData("""{"task_type":"order","parameters":{"customer":"c","colour":"green","items":[5,{"name":"n","count":0}]}}""", "parameters.items[0]", "parameters.items[1].count")]
    [InlineData("""{"task_type":"gate","parameters":{"x":1}}""", "parameters.x")]
    [InlineData("""{"task_type":"picky","parameters":{"number":-1}}""", "parameters")]
    [InlineData("""{"task_type":"picky","parameters":{"number":-1},"priority":"urgent"}""", "parameters", "priority")]
    [InlineData("""{"task_type":"gate","status":"completed","task_id":"x","attempt":9}""", "attempt", "status", "task_id")]
    [InlineData("""{"task_type":"gate","__proto__":{},"$type":"x","":1}""", "", "$type", "__proto__")]
    [InlineData("""{"task_type":"gate","priority":"High"}""", "priority")]
    [InlineData("""{"task_type":"gate","priority":2}""", "priority")]
    [InlineData("""{"task_type":"gate","delay_seconds":"5"}""", "delay_seconds")]
    [InlineData("""{"task_type":"gate","delay_seconds":3155760001}""", "delay_seconds")]
    [InlineData("""{"task_type":"gate","delay_seconds":1e300}""", "delay_seconds")]
    [InlineData("""{"task_type":"gate","delay_seconds":1,"run_at":"2026-01-02T00:00:00Z"}""", "run_at")]
    [InlineData("""{"task_type":"gate","run_at":"2026-01-02T00:00:00"}""", "run_at")]
    [InlineData("""{"task_type":"gate","run_at":"2026-01-02"}""", "run_at")]
    [InlineData("""{"task_type":"gate","run_at":"2026-13-02T00:00:00Z"}""", "run_at")]
    [InlineData("""{"task_type":"gate","run_at":"9999-12-31T23:59:59-14:00"}""", "run_at")]
    [InlineData("""{"task_type":"gate","run_at":1767225600}""", "run_at")]
    [InlineData("""{"task_type":"gate","timeout_seconds":0}""", "timeout_seconds")]
    [InlineData("""{"task_type":"gate","timeout_seconds":0.0001}""", "timeout_seconds")]
    [InlineData("""{"task_type":"gate","timeout_seconds":2073601}""", "timeout_seconds")]
    [InlineData("""{"task_type":"gate","timeout_seconds":-1}""", "timeout_seconds")]
    [InlineData("""{"task_type":"gate","max_attempts":1001}""", "max_attempts")]
    [InlineData("""{"task_type":"gate","max_attempts":1.5}""", "max_attempts")]
    [InlineData("""{"task_type":"gate","max_attempts":99999999999}""", "max_attempts")]
    [InlineData("""{"task_type":"gate","depends_on":"x"}""", "depends_on")]
    [InlineData("""{"task_type":"gate","depends_on":[1,null,{"a":[]},"x"]}""", "depends_on[0]", "depends_on[1]", "depends_on[2]", "depends_on[3]")]
    [InlineData("""{"task_type":"gate","depends_on":["01980000-0000-7000-8000-000000000000"]}""", "depends_on")]
    [InlineData("""{"task_type":"gate","depends_on":[" 01980000-0000-7000-8000-000000000000","01980000000070008000000000000000"]}""", "depends_on[0]", "depends_on[1]")]
    [InlineData("""{"task_type":"gate","unique_key":" \u0007"}""", "unique_key")]
    [InlineData("""{"task_type":"gate","fairness_key":[]}""", "fairness_key")]
    [InlineData("""{"task_type":"gate","fairness_key":"","unique_key":5}""", "fairness_key", "unique_key")]
    [InlineData("""{"task_type":"gate","fairness_key":"a\n","on_dependency_failure":"Run"}""", "fairness_key", "on_dependency_failure")]
    [InlineData("""{"task_type":"gate","reuse_result_for_seconds":"60","priority":""}""", "priority", "reuse_result_for_seconds")]
    [InlineData("""{"task_type":"gate","reuse_result_for_seconds":3155760001,"priority":null,"on_dependency_failure":1}""", "on_dependency_failure", "reuse_result_for_seconds")]
    [InlineData("""{"task_type":"gate","reuse_result_for_seconds":-5}""", "reuse_result_for_seconds")]
    [InlineData("""{"task_type":"gate","tags":{"a":1}}""", "tags")]
    [InlineData("""{"task_type":"gate","tags":["a",1]}""", "tags[1]")]
    [InlineData("""{"task_type":"gate","tags":[1,"a",""]}""", "tags[0]", "tags[2]")]
    [InlineData("""{"task_type":"gate","tags":["a\u0000"]}""", "tags[0]")]
    public async Task Submit_WrongValue_NamesItsField(string body, params string[] fields)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string before = await app.StateAsync();
        (await app.PostAsync("/tasks", body)).IsInvalid(fields);
        Assert.Equal(before, await app.StateAsync());
    }

    [Theory]
    [InlineData("unique_key")]
    [InlineData("fairness_key")]
    public async Task Submit_LengthOfAKey_IsBounded(string member)
    {
        const int Most = SubmitOptions.MaxKeyLength;
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.PostAsync("/tasks", $$"""{"task_type":"gate","{{member}}":"{{new string('k', Most)}}"}""")).Is(202);
        (await app.PostAsync("/tasks", $$"""{"task_type":"gate","{{member}}":"{{new string('k', Most + 1)}}"}""")).IsInvalid(member);
    }

    [Fact]
    public async Task Submit_TagsAndParents_AreBounded()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string tag = new('t', 64);
        (await app.PostAsync("/tasks", Body("tags", Enumerable.Repeat(tag, 20)))).Is(202);
        (await app.PostAsync("/tasks", Body("tags", [tag + "t", .. Enumerable.Repeat(tag, 20)]))).IsInvalid("tags", "tags[0]");
        string parent = await app.SubmitAsync("gate");
        (await app.PostAsync("/tasks", Body("depends_on", Enumerable.Repeat(parent, 1000)))).Is(202);
        (await app.PostAsync("/tasks", Body("depends_on", Enumerable.Repeat(parent, 1001)))).IsInvalid("depends_on");
    }

    [Fact]
    public async Task Submit_FaultsWithoutEnd_AreNamedUpToABound()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string members = string.Join(',', Enumerable.Range(0, 2000).Select(i => $"\"m{i}\":1"));
        JsonElement problem = (await app.PostAsync("/tasks", $$"""{"task_type":"gate",{{members}}}""")).IsProblem(400, "invalid-request");
        Assert.Equal(100, HttpAnswer.ErrorFields(problem).Count());

        string items = string.Join(',', Enumerable.Repeat("1", 50_000));
        problem = (await app.PostAsync("/tasks", $$$"""{"task_type":"order","parameters":{"customer":"c","colour":"green","items":[{{{items}}}]}}""")).IsProblem(400, "invalid-request");
        Assert.Equal(100, HttpAnswer.ErrorFields(problem).Count());
    }

    [Theory]
    [InlineData("task_type")]
    [InlineData("priority")]
    [InlineData("run_at")]
    public async Task Submit_LongValueCutInsideACharacter_IsStillAnsweredInUtf8(string member)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        for (int before = 95; before <= 100; before++)
        {
            string value = new string('a', before) + string.Concat(Enumerable.Repeat("\U0001F600", 50));
            HttpAnswer answer = (await app.PostAsync("/tasks", $$"""{"task_type":"gate","{{value}}":1,"{{(member == "task_type" ? "tags" : member)}}":"{{value}}"}""")).Is(400);
            Assert.DoesNotContain('\uFFFD', answer.Text);
        }
    }

    private static string Body(string member, IEnumerable<string> values) => $$"""{"task_type":"gate","{{member}}":["{{string.Join("\",\"", values)}}"]}""";
}

using System.Text;
using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>What <c>POST /tasks</c> refuses, and what it says about it.</summary>
public sealed class SubmitFaultTests(ConformanceHost host) : WireTest(host)
{
    public static TheoryData<string, string> Malformed => new()
    {
        { "nothing", string.Empty },
        { "cut off", "{" },
        { "a comma too many", """{"task_type":"x",}""" },
        { "something behind it", """{"task_type":"x"} x""" },
        { "a member twice", """{"task_type":"x","task_type":"x"}""" },
        { "a member twice, deep inside", """{"task_type":"x","parameters":{"a":[{"b":1,"b":1}]}}""" },
        { "33 deep", $$"""{"task_type":"x","parameters":{{new string('[', 32)}}{{new string(']', 32)}}}""" },
        { "no number", """{"task_type":"x","delay_seconds":NaN}""" },
        { "half a character", """{"task_type":"\ud800"}""" },
    };

    [Fact]
    public async Task Submit_UnknownType_NamesTheNearestAndThoseThatAreKnown()
    {
        JsonElement problem = (await PostAsync(Body(type: $"{OtherTaskType}s"))).IsProblem(400, "unknown-task-type");

        Assert.Contains($"\"{OtherTaskType}\"", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(["task_type"], HttpAnswer.ErrorFields(problem));
        Assert.InRange(problem.GetProperty("known_task_types").GetArrayLength(), 1, 100);
    }

    [Fact]
    public async Task Submit_UnknownTypeAndOtherFaults_AreNamedTogether() => Assert.Equal(
        ["bogus", "priority", "task_type"],
        HttpAnswer.ErrorFields((await PostAsync(Body("\"priority\":\"urgent\",\"bogus\":1", NewKey()))).IsProblem(400, "unknown-task-type")));

    [Fact]
    public async Task Submit_UnknownMember_IsNamed() => (await PostAsync(Body("\"bogus\":{}"))).IsInvalid("bogus");

    [Fact]
    public async Task Submit_ManyFaults_AreNamedAtOnceAndAdmitNothing()
    {
        string tag = NewKey();

        (await PostAsync(Body(
            $$"""
            "tags":["{{tag}}",""],"priority":"urgent","delay_seconds":-1,"run_at":"tomorrow","timeout_seconds":"5","max_attempts":0,"depends_on":["x"],
            "on_dependency_failure":"panic","unique_key":"","reuse_result_for_seconds":0,"fairness_key":7,"bogus":1
            """))).IsInvalid(
                "bogus", "delay_seconds", "depends_on[0]", "fairness_key", "max_attempts", "on_dependency_failure", "priority", "reuse_result_for_seconds", "run_at", "tags[1]",
                "timeout_seconds", "unique_key");

        Assert.Empty(Ids(await Wire.GetAsync($"/tasks?tag={tag}")));
    }

    [Theory]
    [InlineData("{}", "task_type")]
    [InlineData("""{"task_type":7}""", "task_type")]
    [InlineData("[]", "body")]
    [InlineData("null", "body")]
    public async Task Submit_WhatIsMissing_IsNamed(string body, string field) => (await PostAsync(body)).IsInvalid(field);

    [Fact]
    public async Task Submit_UnknownParent_IsNamed()
    {
        JsonElement errors = (await PostAsync(Body($"\"depends_on\":[\"{UnknownId}\"]"))).IsInvalid("depends_on");

        Assert.Contains(UnknownId, errors.GetProperty("depends_on")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Submit_MalformedJson_IsReportedAlone(string name, string body)
    {
        JsonElement problem = (await PostAsync(body)).IsProblem(400, "malformed-json");

        Assert.False(problem.TryGetProperty("errors", out _), $"With {name}, nothing else can be told for sure.");
    }

    [Fact]
    public async Task Submit_BytesThatAreNoUtf8_AreMalformed() =>
        (await PostAsync(WireClient.Content([.. Encoding.Latin1.GetBytes("{\"task_type\":\"caf\u00e9\"}")]), "/tasks")).IsProblem(400, "malformed-json");

    [Fact]
    public async Task Submit_32Deep_IsAccepted()
    {
        string deep = $"{new string('[', 31)}{new string(']', 31)}";

        Assert.Equal(deep, (await PostAsync(Body($"\"parameters\":{deep}"))).Is(202).Member("parameters").GetRawText());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/x-ndjson")]
    public async Task Submit_OtherMediaTypeThanJson_Is415(string mediaType) =>
        (await PostAsync(WireClient.Content(Body(), mediaType), "/tasks")).IsProblem(415, "unsupported-media-type");

    [Fact]
    public async Task Submit_JsonWithItsEncoding_IsAccepted() => (await PostAsync(WireClient.Content(Body(), "application/json; charset=utf-8"), "/tasks")).Is(202);

    [Theory]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task Submit_FromAnotherSite_Is403AndAdmitsNothing(string header, string value)
    {
        string tag = NewKey();

        (await PostAsync(Body($"\"tags\":[\"{tag}\"]"), (header, value))).IsProblem(403, "cross-site-request");

        Assert.Empty(Ids(await Wire.GetAsync($"/tasks?tag={tag}")));
    }
}

using System.Globalization;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>The control of the in-process pool. Each test leaves it as it was.</summary>
[Trait("Part", "pool")]
public sealed class PoolTests(ConformanceHost host) : WireTest(host)
{
    [Fact]
    public async Task Status_HasItsMembers() => Assert.Equal(
        ["running", "slots", "busy", "suspended", "abandoned", "queued"], Members((await Wire.GetAsync("/workers/internal/status")).Is(200).Json));

    [Fact]
    public async Task Scale_ChangesTheSlotsWithoutARestart()
    {
        int slots = (await Wire.GetAsync("/workers/internal/status")).Member("slots").GetInt32();

        Assert.Equal(slots + 1, (await ScaleAsync(slots + 1)).Is(200).Member("slots").GetInt32());

        Assert.Equal(slots + 1, (await Wire.GetAsync("/workers/internal/status")).Member("slots").GetInt32());
        Assert.Equal(slots, (await ScaleAsync(slots)).Is(200).Member("slots").GetInt32());
    }

    [Fact]
    [Trait("Part", "samples")]
    public async Task Stop_TasksWaitAndSayWhyUntilItStarts()
    {
        Assert.False((await Wire.PostAsync("/workers/internal/stop")).Is(200).Member("running").GetBoolean());
        string id;
        try
        {
            id = (await PostAsync("""{"task_type":"add","parameters":{"a":1,"b":2}}""")).Is(202).Id;
            Assert.Equal("""{"reason":"pool_stopped"}""", (await TaskAsync(id)).Member("waiting_for").GetRawText());
        }
        finally
        {
            Assert.True((await Wire.PostAsync("/workers/internal/start")).Is(200).Member("running").GetBoolean());
        }

        Assert.Equal("completed", (await EndAsync(id)).TaskStatus);
    }

    [Theory]
    [InlineData("{}", "count")]
    [InlineData("""{"count":-1}""", "count")]
    [InlineData("""{"count":1001}""", "count")]
    [InlineData("""{"count":1.5,"force":true}""", "count", "force")]
    public async Task Scale_Wrong_NamesTheFaults(string body, params string[] fields) => (await Wire.PostAsync("/workers/internal/scale", body)).IsInvalid(fields);

    private Task<HttpAnswer> ScaleAsync(int count) => Wire.PostAsync("/workers/internal/scale", string.Create(CultureInfo.InvariantCulture, $$"""{"count":{{count}}}"""));
}

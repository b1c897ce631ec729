using System.Text;
using System.Text.Json.Serialization;
using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Core.Types;

/// <summary>An application that gives a source-generated context needs no reflection: what the context does not know is not found by it either.</summary>
public sealed partial class JsonContextTests
{
    [Fact]
    public async Task Resolver_OfTheApplication_ReadsAndWrites()
    {
        await using var fixture = EngineFixture.Create(
            (_, _) => Task.FromResult(string.Empty),
            options => options.JsonTypeInfoResolver = Known.Default,
            more: builder => builder.AddHandler<Pair, Total>("pair", (task, _) => new Total(task.First + task.Second)));
        var request = new TaskRequest("pair", new JsonPayload("""{"first":1,"second":2}"""u8.ToArray(), Value: null));

        Guid id = Assert.IsType<SubmitResult.Accepted>(await fixture.Tasks.TrySubmitAsync(request)).Task.Id;

        TaskRecord ended = await fixture.Tasks.GetHandle(id).WhenEndedAsync().Patiently();
        Assert.Equal(TaskState.Completed, ended.State);
        Assert.Equal("""{"sum":3}""", Encoding.UTF8.GetString(Assert.IsType<JsonPayload>(ended.Status.Result).Utf8.Span));
    }

    internal sealed record Pair(int First, int Second);

    internal sealed record Total(int Sum);

    [JsonSerializable(typeof(Pair))]
    [JsonSerializable(typeof(Total))]
    [JsonSerializable(typeof(string))]
    [JsonSerializable(typeof(Work))]
    internal sealed partial class Known : JsonSerializerContext;
}

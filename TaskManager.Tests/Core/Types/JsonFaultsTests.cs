using System.Text.Json;
using System.Text.Json.Serialization;
using TaskManager.Types;

namespace TaskManager.Tests.Core.Types;

public sealed class JsonFaultsTests
{
    private static readonly JsonSerializerOptions Json = TaskJson.Options(resolver: null);

    [Fact]
    public void Collect_UnknownMember_IsAFault() =>
        Assert.Equal(["parameters.count", "parameters.other"], PathsOf<Strict>("""{"count":"x","other":1}"""));

    [Fact]
    public void Collect_UnknownMemberOfATypeThatSkipsThem_IsNone() =>
        Assert.Equal(["parameters.count"], PathsOf<Lenient>("""{"count":"x","other":1}"""));

    [Fact]
    public void Collect_UnknownMemberOfATypeThatKeepsThem_IsNone() =>
        Assert.Equal(["parameters.count"], PathsOf<Keeping>("""{"count":"x","other":1}"""));

    private static IEnumerable<string> PathsOf<T>(string json)
    {
        var faults = new ValidationFaults();
        using var document = JsonDocument.Parse(json);
        JsonFaults.Collect(document.RootElement, Json.GetTypeInfo(typeof(T)), "parameters", faults);
        return faults.ByField().Keys;
    }

    private sealed record Strict(int Count);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    private sealed record Lenient(int Count);

    private sealed record Keeping(int Count)
    {
        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Others { get; init; }
    }
}

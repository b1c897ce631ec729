using System.ComponentModel.DataAnnotations;
using System.Text;
using TaskManager.Admission;

namespace TaskManager.Tests.Core.Admission;

/// <summary>Types and parameters; <see cref="SubmitOptionsValidationTests"/> has what is asked besides.</summary>
public sealed class SubmissionValidatorTests
{
    private static readonly TaskTypeRegistry Types = TestTypes.Registry(builder => builder
        .AddHandler("bounded", (Bounded _, TaskContext _) => 0)
        .AddHandler("endless", (Endless _, TaskContext _) => 0)
        .AddHandler("text", (string _, TaskContext _) => 0));

    private static readonly SubmitOptions Reusing = new() { ReuseResultFor = TimeSpan.FromSeconds(1) };

    private readonly SubmissionValidator _validator = new(Types, new TaskManagerOptions { MaxParametersBytes = 40 });

    [Fact]
    public void Check_RightRequest_IsASubmission()
    {
        var options = new SubmitOptions { Priority = TaskPriority.High };
        byte[] fingerprint = [1, 2];

        Assert.Null(_validator.Check(new TaskRequest("text", "hello", options, fingerprint), out TaskSubmission submission));

        Assert.Equal((Types.Find("text"), "hello", null), (submission.Type, submission.Parameters, submission.ParametersDigest));
        Assert.Same(options, submission.Options);
        Assert.Equal(fingerprint, submission.Fingerprint.ToArray());
    }

    [Fact]
    public void Check_NothingAskedBesides_HasTheDefaults()
    {
        Assert.Null(_validator.Check(new TaskRequest("text", "hello"), out TaskSubmission submission));

        Assert.Equal(new SubmitOptions(), submission.Options);
    }

    [Fact]
    public void Check_ReuseOfAResult_HasADigestThatIsTheSameInProcessAndOverTheWire()
    {
        Assert.Null(_validator.Check(new TaskRequest("bounded", new Bounded(1, "a"), Reusing), out TaskSubmission inProcess));
        Assert.Null(_validator.Check(new TaskRequest("bounded", Json("""{ "name": "a", "count": 1 }"""), Reusing), out TaskSubmission overTheWire));

        Assert.Equal(ParametersDigest.Of("{\"count\":1,\"name\":\"a\"}"u8.ToArray()), inProcess.ParametersDigest);
        Assert.Equal(inProcess.ParametersDigest, overTheWire.ParametersDigest);
    }

    [Fact]
    public void Check_ReuseOfAResultOfParametersThatAreNoJson_NamesThem()
    {
        Assert.Null(_validator.Check(new TaskRequest("endless", new Endless()), out _));

        var invalid = Assert.IsType<SubmitResult.Invalid>(_validator.Check(new TaskRequest("endless", new Endless(), Reusing), out _));

        (string path, IReadOnlyList<string> messages) = Assert.Single(invalid.Errors);
        Assert.Equal("parameters", path);
        Assert.StartsWith("cannot be written as JSON, which reuse_result_for_seconds needs: ", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_UnknownType_NamesTheNearestAndEveryOtherFault()
    {
        var unknown = Assert.IsType<SubmitResult.UnknownType>(_validator.Check(new TaskRequest("txt", "hello", new SubmitOptions { MaxAttempts = 0 }), out _));

        Assert.Equal(("txt", "text"), (unknown.TaskType, unknown.Nearest));
        Assert.Equal(["is unknown: \"txt\". Did you mean \"text\"?"], unknown.Errors["task_type"]);
        Assert.Equal(["max_attempts", "task_type"], unknown.Errors.Keys.Order());
    }

    [Fact]
    public void Check_UnknownTypeThatResemblesNone_IsShownCleaned()
    {
        var unknown = Assert.IsType<SubmitResult.UnknownType>(_validator.Check(new TaskRequest("nothing\nlike it", "hello"), out _));

        Assert.Null(unknown.Nearest);
        Assert.Equal(["is unknown: \"nothing like it\"."], unknown.Errors["task_type"]);
        Assert.IsType<SubmitResult.UnknownType>(_validator.Check(new TaskRequest("TEXT", "hello"), out _));
    }

    [Fact]
    public void Check_NoType_SaysWhatWasKnownToBeWrongAndWhatElseIs()
    {
        var known = new ValidationFaults();
        known.Add("task_type", "is missing.");

        var invalid = Assert.IsType<SubmitResult.Invalid>(_validator.Check(new TaskRequest(null, null, new SubmitOptions { MaxAttempts = 0 }, Faults: known), out _));

        Assert.Equal(["max_attempts", "task_type"], invalid.Errors.Keys.Order());
    }

    [Fact]
    public void Check_FaultsOfTheReader_MakeARightRequestWrong()
    {
        var known = new ValidationFaults();
        known.Add("colour", "is no member.");

        var invalid = Assert.IsType<SubmitResult.Invalid>(_validator.Check(new TaskRequest("text", "hello", Faults: known), out TaskSubmission submission));

        Assert.Equal(["colour"], invalid.Errors.Keys);
        Assert.Equal(default, submission);
    }

    [Fact]
    public void Check_WrongParametersInProcess_NamesEachField()
    {
        Assert.Equal(["parameters.count", "parameters.name"], Faults("bounded", new Bounded(11, string.Empty)).Keys.Order());
        Assert.Equal(["parameters"], Faults("bounded", "no such thing").Keys);
        Assert.Equal(["parameters"], Faults("bounded", null).Keys);
    }

    [Fact]
    public void Check_ParametersOverTheWire_AreReadAndKeptBesideTheirBytes()
    {
        JsonPayload payload = Json("""{"count":10,"name":"a"}""");

        Assert.Null(_validator.Check(new TaskRequest("bounded", payload), out TaskSubmission submission));

        Assert.Equal(payload with { Value = new Bounded(10, "a") }, submission.Parameters);
        Assert.Equal(["parameters.count"], Faults("bounded", Json("""{"count":11,"name":"a"}""")).Keys);
    }

    [Fact]
    public void Check_ParametersOverTheWire_MayBeAsLargeAsTheyMay()
    {
        string json = $$"""{"count":1,"name":"{{new string('a', 19)}}"}""";
        Assert.Equal(40, json.Length);

        Assert.Null(_validator.Check(new TaskRequest("bounded", Json(json)), out _));
        IReadOnlyDictionary<string, IReadOnlyList<string>> faults = Faults("bounded", Json($" {json}"));

        Assert.Equal(["must have at most 40 bytes of JSON, not 41."], Assert.Single(faults).Value);
        Assert.Equal("parameters", Assert.Single(faults).Key);
    }

    private static JsonPayload Json(string json) => new(Encoding.UTF8.GetBytes(json), Value: null);

    private IReadOnlyDictionary<string, IReadOnlyList<string>> Faults(string type, object? parameters) =>
        Assert.IsType<SubmitResult.Invalid>(_validator.Check(new TaskRequest(type, parameters), out _)).Errors;

    private sealed record Bounded([property: Range(0, 10)] int Count, [property: MinLength(1)] string Name);

    private sealed class Endless
    {
        public Endless Inner => this;
    }
}

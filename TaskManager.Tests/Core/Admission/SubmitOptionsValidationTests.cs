using TaskManager.Admission;

namespace TaskManager.Tests.Core.Admission;

/// <summary>Every bound of what is asked besides the parameters: right at it, wrong beyond it.</summary>
public sealed class SubmitOptionsValidationTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan HundredYears = TimeSpan.FromDays(36_525);

    private readonly SubmissionValidator _validator = new(TestTypes.Registry(builder => builder.AddHandler("text", (string _, TaskContext _) => 0)), new TaskManagerOptions());

    [Theory]
    [InlineData(TaskPriority.Low)]
    [InlineData(TaskPriority.Normal)]
    [InlineData(TaskPriority.High)]
    [InlineData(TaskPriority.Critical)]
    public void Priority_EachOfThem_IsRight(TaskPriority priority) => AssertRight(new SubmitOptions { Priority = priority });

    [Fact]
    public void Priority_Other_IsNamed() => AssertWrong(new SubmitOptions { Priority = (TaskPriority)4 }, "priority", "must be one of low, normal, high, critical, not 4.");

    [Fact]
    public void Delay_Range_IsFromZeroToAHundredYears()
    {
        AssertRight(new SubmitOptions { Delay = TimeSpan.Zero });
        AssertRight(new SubmitOptions { Delay = HundredYears });
        AssertWrong(new SubmitOptions { Delay = TimeSpan.FromSeconds(-1.5) }, "delay_seconds", "must be from 0 to 3155760000, not -1.5.");
        AssertWrong(new SubmitOptions { Delay = -Tick }, "delay_seconds", "must be from 0 to 3155760000, not -1E-07.");
        AssertWrong(new SubmitOptions { Delay = HundredYears + Tick }, "delay_seconds");
    }

    [Fact]
    public void RunAt_BesideADelay_IsNamed()
    {
        AssertRight(new SubmitOptions { RunAt = DateTimeOffset.MaxValue });
        AssertRight(new SubmitOptions { RunAt = DateTimeOffset.MinValue, Delay = TimeSpan.Zero });
        AssertWrong(new SubmitOptions { RunAt = DateTimeOffset.MinValue, Delay = Tick }, "run_at", "must not be given together with delay_seconds.");
    }

    [Fact]
    public void Timeout_Range_IsFromAMillisecondTo24DaysOrNone()
    {
        AssertRight(new SubmitOptions { Timeout = TimeSpan.FromMilliseconds(1) });
        AssertRight(new SubmitOptions { Timeout = TimeSpan.FromDays(24) });
        AssertRight(new SubmitOptions { Timeout = Timeout.InfiniteTimeSpan });
        AssertWrong(new SubmitOptions { Timeout = TimeSpan.Zero }, "timeout_seconds", "must be from 0.001 to 2073600, not 0.");
        AssertWrong(new SubmitOptions { Timeout = TimeSpan.FromMilliseconds(1) - Tick }, "timeout_seconds");
        AssertWrong(new SubmitOptions { Timeout = TimeSpan.FromDays(24) + Tick }, "timeout_seconds");
        AssertWrong(new SubmitOptions { Timeout = TimeSpan.FromSeconds(-1) }, "timeout_seconds", "must be from 0.001 to 2073600, not -1.");
    }

    [Fact]
    public void ReuseResultFor_Range_IsMoreThanZeroToAHundredYears()
    {
        AssertRight(new SubmitOptions { ReuseResultFor = Tick });
        AssertRight(new SubmitOptions { ReuseResultFor = HundredYears });
        AssertWrong(new SubmitOptions { ReuseResultFor = TimeSpan.Zero }, "reuse_result_for_seconds", "must be more than 0 and at most 3155760000, not 0.");
        AssertWrong(new SubmitOptions { ReuseResultFor = HundredYears + Tick }, "reuse_result_for_seconds");
    }

    [Fact]
    public void MaxAttempts_Range_IsFrom1To1000()
    {
        AssertRight(new SubmitOptions { MaxAttempts = 1 });
        AssertRight(new SubmitOptions { MaxAttempts = 1_000 });
        AssertWrong(new SubmitOptions { MaxAttempts = 0 }, "max_attempts", "must be from 1 to 1000, not 0.");
        AssertWrong(new SubmitOptions { MaxAttempts = 1_001 }, "max_attempts", "must be from 1 to 1000, not 1001.");
    }

    [Fact]
    public void OnDependencyFailure_Other_IsNamed()
    {
        AssertRight(new SubmitOptions { OnDependencyFailure = DependencyFailurePolicy.Run });
        AssertWrong(new SubmitOptions { OnDependencyFailure = (DependencyFailurePolicy)2 }, "on_dependency_failure", "must be one of cancel, run, not 2.");
    }

    [Theory]
    [InlineData("unique_key")]
    [InlineData("fairness_key")]
    [InlineData("tags[0]")]
    public void Keys_Length_IsFrom1To64(string path)
    {
        AssertRight(WithKey(path, "a"));
        AssertRight(WithKey(path, new string('é', 64)));
        AssertWrong(WithKey(path, string.Empty), path, "must have 1 to 64 characters, not 0.");
        AssertWrong(WithKey(path, new string('a', 65)), path, "must have 1 to 64 characters, not 65.");
        AssertWrong(WithKey(path, "a\u0007b"), path, "must not have control characters.");
        AssertWrong(WithKey(path, "a\u0085"), path, "must not have control characters.");
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("!~ {\"}", true)]
    [InlineData("", false)]
    [InlineData("a\n", false)]
    [InlineData("\u007f", false)]
    [InlineData("é", false)]
    public void IdempotencyKey_Characters_ArePrintableAscii(string key, bool isRight)
    {
        if (isRight)
        {
            AssertRight(new SubmitOptions { IdempotencyKey = key });
        }
        else
        {
            AssertWrong(new SubmitOptions { IdempotencyKey = key }, "Idempotency-Key", "must have 1 to 255 printable ASCII characters.");
        }
    }

    [Fact]
    public void IdempotencyKey_Length_IsUpTo255()
    {
        AssertRight(new SubmitOptions { IdempotencyKey = new string('a', 255) });
        AssertWrong(new SubmitOptions { IdempotencyKey = new string('a', 256) }, "Idempotency-Key");
    }

    [Fact]
    public void Tags_Number_IsUpTo20()
    {
        string[] tags = [.. Enumerable.Range(0, 21).Select(i => $"{i}")];
        AssertRight(new SubmitOptions { Tags = tags[..20] });
        AssertWrong(new SubmitOptions { Tags = tags }, "tags", "must have at most 20 items, not 21.");
        Assert.Equal(["tags[1]", "tags[19]"], Check(new SubmitOptions { Tags = [.. tags[..1], null!, .. tags[..17], string.Empty] }).Keys);
    }

    [Fact]
    public void DependsOn_Number_IsUpTo1000()
    {
        Guid[] parents = [.. Enumerable.Range(0, 1_001).Select(_ => Guid.NewGuid())];
        AssertRight(new SubmitOptions { DependsOn = parents[..1_000] });
        AssertWrong(new SubmitOptions { DependsOn = parents }, "depends_on", "must have at most 1000 items, not 1001.");
    }

    [Fact]
    public void Lists_OfTheCaller_AreCopiedAndParentsNamedTwiceAreOne()
    {
        Guid[] parents = [Guid.NewGuid(), Guid.NewGuid()];
        List<string> tags = ["a", "a"];
        List<Guid> dependsOn = [parents[0], parents[1], parents[0]];
        Assert.Null(_validator.Check(new TaskRequest("text", "hello", new SubmitOptions { Tags = tags, DependsOn = dependsOn, UniqueKey = "key" }), out TaskSubmission submission));
        tags.Clear();
        dependsOn.Clear();

        Assert.Equal(["a", "a"], submission.Options.Tags);
        Assert.Equal(parents, submission.Options.DependsOn);
        Assert.Equal("key", submission.Options.UniqueKey);
    }

    [Fact]
    public void Lists_OneAlone_IsCopiedToo()
    {
        List<string> tags = ["a"];
        List<Guid> dependsOn = [Guid.NewGuid()];
        Assert.Null(_validator.Check(new TaskRequest("text", "hello", new SubmitOptions { Tags = tags }), out TaskSubmission tagged));
        Assert.Null(_validator.Check(new TaskRequest("text", "hello", new SubmitOptions { DependsOn = dependsOn }), out TaskSubmission dependent));
        tags.Clear();
        dependsOn.Clear();

        Assert.Equal((1, 1), (tagged.Options.Tags.Count, dependent.Options.DependsOn.Count));
    }

    [Fact]
    public void Check_EverythingIsWrong_NamesAllOfIt()
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> faults = Check(new SubmitOptions
        {
            Priority = (TaskPriority)9,
            Delay = TimeSpan.MaxValue,
            RunAt = DateTimeOffset.MinValue,
            Timeout = TimeSpan.Zero,
            ReuseResultFor = TimeSpan.Zero,
            MaxAttempts = 0,
            OnDependencyFailure = (DependencyFailurePolicy)9,
            UniqueKey = string.Empty,
            FairnessKey = string.Empty,
            IdempotencyKey = string.Empty,
            Tags = [string.Empty],
        });

        Assert.Equal(
            [
                "Idempotency-Key", "delay_seconds", "fairness_key", "max_attempts", "on_dependency_failure", "priority", "reuse_result_for_seconds", "run_at", "tags[0]", "timeout_seconds",
                "unique_key",
            ],
            faults.Keys.Order(StringComparer.Ordinal));
    }

    private static SubmitOptions WithKey(string path, string key) => path switch
    {
        "unique_key" => new SubmitOptions { UniqueKey = key },
        "fairness_key" => new SubmitOptions { FairnessKey = key },
        _ => new SubmitOptions { Tags = [key] },
    };

    private IReadOnlyDictionary<string, IReadOnlyList<string>> Check(SubmitOptions options) =>
        _validator.Check(new TaskRequest("text", "hello", options), out _) is SubmitResult.Invalid invalid ? invalid.Errors : new Dictionary<string, IReadOnlyList<string>>();

    private void AssertRight(SubmitOptions options) => Assert.Empty(Check(options));

    private void AssertWrong(SubmitOptions options, string path, string? message = null)
    {
        (string field, IReadOnlyList<string> messages) = Assert.Single(Check(options));
        Assert.Equal((path, message ?? messages[0]), (field, Assert.Single(messages)));
    }
}

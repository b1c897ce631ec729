using System.Collections.Frozen;
using System.Text.Json;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Reads one submission out of JSON. All its faults but those of syntax are collected; what is wrong with the values themselves the manager says.</summary>
internal static class SubmitReader
{
    private const string Members =
        "task_type, parameters, priority, delay_seconds, run_at, timeout_seconds, max_attempts, depends_on, on_dependency_failure, unique_key, reuse_result_for_seconds, fairness_key, tags";

    private static readonly FrozenDictionary<string, TaskPriority> Priorities = new Dictionary<string, TaskPriority>(StringComparer.Ordinal)
    {
        ["low"] = TaskPriority.Low,
        ["normal"] = TaskPriority.Normal,
        ["high"] = TaskPriority.High,
        ["critical"] = TaskPriority.Critical,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, DependencyFailurePolicy> Policies = new Dictionary<string, DependencyFailurePolicy>(StringComparer.Ordinal)
    {
        ["cancel"] = DependencyFailurePolicy.Cancel,
        ["run"] = DependencyFailurePolicy.Run,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Reads the submission that the reader stands on.</summary>
    /// <param name="reader">Stands on the first token of the value; stands on its last one afterwards.</param>
    /// <param name="body">The bytes that the reader reads.</param>
    /// <param name="idempotencyKey">The key from the header.</param>
    /// <param name="fingerprint">The digest of the body, when there is a key.</param>
    /// <param name="known">What is known to be wrong with the request already.</param>
    /// <returns>The request, with every fault that reading it found.</returns>
    public static TaskRequest Read(
        ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, string? idempotencyKey = null, ReadOnlyMemory<byte> fingerprint = default, ValidationFaults? known = null)
    {
        ValidationFaults faults = known ?? new ValidationFaults();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            faults.Add("body", "must be an object.");
            JsonBody.Skip(ref reader);
            return new TaskRequest(TaskType: null, Parameters: null, Faults: faults);
        }

        var draft = new Draft { IdempotencyKey = idempotencyKey };
        var seen = default(MemberNames);
        while (JsonBody.Read(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            string member = JsonBody.Text(ref reader);
            seen.AddOnce(member);
            JsonBody.Read(ref reader);
            if (!TryReadMember(ref reader, member, body, ref draft, faults))
            {
                faults.Add(ValidationFaults.Show(member), $"is unknown: allowed are {Members}.");
                JsonBody.Skip(ref reader);
            }
        }

        if (!seen.Contains("task_type"))
        {
            faults.Add("task_type", "is missing: it must be the name of a task type.");
        }

        // What is missing is an empty object to a type that asks for nothing, and a fault of the type's members to any other.
        object parameters = draft.Parameters ?? new JsonPayload("{}"u8.ToArray(), Value: null);
        return new TaskRequest(draft.TaskType, parameters, draft.ToOptions(), fingerprint, faults);
    }

    private static bool TryReadMember(ref Utf8JsonReader reader, string member, ReadOnlyMemory<byte> body, ref Draft draft, ValidationFaults faults)
    {
        switch (member)
        {
            case "task_type":
                draft.TaskType = SubmitMembers.ReadText(ref reader, member, faults);
                return true;
            case "parameters":
                int start = (int)reader.TokenStartIndex;
                JsonBody.Skip(ref reader);
                draft.Parameters = new JsonPayload(JsonBody.CopyOnOneLine(body.Span[start..(int)reader.BytesConsumed]), Value: null);
                return true;
            case var _ when reader.TokenType == JsonTokenType.Null && IsOption(member):
                return true; // null is what it is when it is left out
            case "priority":
                draft.Priority = SubmitMembers.ReadName(ref reader, member, Priorities, faults);
                return true;
            case "delay_seconds":
                draft.Delay = SubmitMembers.ReadSeconds(ref reader, member, faults);
                return true;
            case "run_at":
                draft.RunAt = SubmitMembers.ReadMoment(ref reader, member, faults);
                return true;
            case "timeout_seconds":
                draft.Timeout = SubmitMembers.ReadSeconds(ref reader, member, faults);
                return true;
            case "max_attempts":
                draft.MaxAttempts = SubmitMembers.ReadCount(ref reader, member, faults);
                return true;
            case "depends_on":
                draft.DependsOn = SubmitMembers.ReadIds(ref reader, member, SubmitOptions.MaxParents, faults);
                return true;
            case "on_dependency_failure":
                draft.OnDependencyFailure = SubmitMembers.ReadName(ref reader, member, Policies, faults);
                return true;
            case "unique_key":
                draft.UniqueKey = SubmitMembers.ReadText(ref reader, member, faults);
                return true;
            case "reuse_result_for_seconds":
                draft.ReuseResultFor = SubmitMembers.ReadSeconds(ref reader, member, faults);
                return true;
            case "fairness_key":
                draft.FairnessKey = SubmitMembers.ReadText(ref reader, member, faults);
                return true;
            case "tags":
                draft.Tags = SubmitMembers.ReadTexts(ref reader, member, SubmitOptions.MaxTags, faults);
                return true;
            default:
                return false;
        }
    }

    private static bool IsOption(string member) => Members.Split(", ").Contains(member, StringComparer.Ordinal);

    private struct Draft
    {
        public string? TaskType { get; set; }

        public JsonPayload? Parameters { get; set; }

        public string? IdempotencyKey { get; init; }

        public TaskPriority? Priority { get; set; }

        public TimeSpan? Delay { get; set; }

        public DateTimeOffset? RunAt { get; set; }

        public TimeSpan? Timeout { get; set; }

        public int? MaxAttempts { get; set; }

        public Guid[]? DependsOn { get; set; }

        public DependencyFailurePolicy? OnDependencyFailure { get; set; }

        public string? UniqueKey { get; set; }

        public TimeSpan? ReuseResultFor { get; set; }

        public string? FairnessKey { get; set; }

        public string[]? Tags { get; set; }

        /// <summary>Gets the options; <see langword="null"/> for the many submissions that ask for nothing but their parameters.</summary>
        public readonly SubmitOptions? ToOptions()
        {
            bool asksNothing = IdempotencyKey is null && Priority is null && Delay is null && RunAt is null && Timeout is null && MaxAttempts is null
                && DependsOn is null or [] && OnDependencyFailure is null && UniqueKey is null && ReuseResultFor is null && FairnessKey is null && Tags is null or [];
            return asksNothing ? null : new SubmitOptions
            {
                IdempotencyKey = IdempotencyKey,
                Priority = Priority ?? TaskPriority.Normal,
                Delay = Delay ?? TimeSpan.Zero,
                RunAt = RunAt,
                Timeout = Timeout,
                MaxAttempts = MaxAttempts,
                DependsOn = DependsOn ?? [],
                OnDependencyFailure = OnDependencyFailure ?? DependencyFailurePolicy.Cancel,
                UniqueKey = UniqueKey,
                ReuseResultFor = ReuseResultFor,
                FairnessKey = FairnessKey,
                Tags = Tags ?? [],
            };
        }
    }
}

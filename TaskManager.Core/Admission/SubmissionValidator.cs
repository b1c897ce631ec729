using System.Globalization;
using System.Text;
using System.Text.Json;
using TaskManager.Types;

namespace TaskManager.Admission;

/// <summary>Turns a request into a submission, or says everything that is wrong with it. Fields are called what they are called on the wire.</summary>
internal sealed class SubmissionValidator(TaskTypeRegistry types, TaskManagerOptions limits)
{
    private const int MaxIdempotencyKeyLength = 255;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(36_525);

    /// <summary>Checks a request.</summary>
    /// <returns><see langword="null"/> when it is right; otherwise the answer.</returns>
    public SubmitResult? Check(in TaskRequest request, out TaskSubmission submission)
    {
        submission = default;
        ValidationFaults faults = request.Faults ?? new ValidationFaults();
        SubmitOptions options = request.Options ?? SubmitOptions.Default;
        if (!ReferenceEquals(options, SubmitOptions.Default))
        {
            options = CheckOptions(options, faults);
        }

        if (request.TaskType is not { } name || types.Find(name) is not { } type)
        {
            return request.TaskType is null ? new SubmitResult.Invalid(faults.ByField()) : UnknownType(request.TaskType, faults);
        }

        object? parameters = CheckParameters(type, request.Parameters, faults);
        string? digest = faults.IsEmpty && options.ReuseResultFor is not null ? DigestOf(type, parameters, "reuse_result_for_seconds", faults) : null;
        ReadOnlyMemory<byte> fingerprint = request.Fingerprint;
        if (faults.IsEmpty && options.IdempotencyKey is not null && fingerprint.IsEmpty)
        {
            fingerprint = FingerprintOf(type, parameters, faults); // in process there are no bytes of a request
        }

        if (!faults.IsEmpty)
        {
            return new SubmitResult.Invalid(faults.ByField());
        }

        submission = new TaskSubmission(type, parameters, options, fingerprint, digest);
        return null;
    }

    private SubmitResult.UnknownType UnknownType(string name, ValidationFaults faults)
    {
        string? nearest = types.Nearest(name);
        faults.Add("task_type", $"is unknown: \"{ValidationFaults.Show(name)}\".{(nearest is null ? string.Empty : $" Did you mean \"{nearest}\"?")}");
        return new SubmitResult.UnknownType(name, nearest, faults.ByField());
    }

    private object? CheckParameters(TaskType type, object? parameters, ValidationFaults faults)
    {
        if (parameters is not JsonPayload payload)
        {
            type.Codec.Check(parameters, "parameters", faults);
            return type.RunsOnWorkers && faults.IsEmpty ? Written(type, parameters, faults) : parameters;
        }

        if (payload.Utf8.Length > limits.MaxParametersBytes)
        {
            faults.Add("parameters", Text($"must have at most {limits.MaxParametersBytes} bytes of JSON, not {payload.Utf8.Length}."));
            return null;
        }

        object? value = type.Codec.Read(payload.Utf8.Span, "parameters", faults);
        CheckByItsOwnRules(type, value, faults);
        return payload with { Value = type.RunsOnWorkers ? null : value }; // a worker gets the bytes
    }

    /// <summary>Writes parameters that were given in process and that a worker will read.</summary>
    private JsonPayload? Written(TaskType type, object? parameters, ValidationFaults faults)
    {
        CheckByItsOwnRules(type, parameters, faults);
        JsonPayload? payload = type.TrySerializeParameters(parameters, limits.MaxParametersBytes, out TaskError? error);
        if (error is not null)
        {
            faults.Add("parameters", $"cannot be sent to a worker: {error.Message}");
        }

        return payload is null ? null : payload with { Value = null };
    }

    private static void CheckByItsOwnRules(TaskType type, object? value, ValidationFaults faults)
    {
        if (value is JsonElement element && type.CheckParameters is { } check)
        {
            check(element, faults);
        }
    }

    private static byte[] FingerprintOf(TaskType type, object? parameters, ValidationFaults faults) =>
        Encoding.UTF8.GetBytes($"{type.Name} {DigestOf(type, parameters, "Idempotency-Key", faults)}");

    private static string? DigestOf(TaskType type, object? parameters, string neededBy, ValidationFaults faults)
    {
        TaskError? error = null;
        if ((parameters as JsonPayload ?? type.TrySerializeParameters(parameters, int.MaxValue, out error)) is { } json)
        {
            return ParametersDigest.Of(json.Utf8);
        }

        faults.Add("parameters", $"cannot be written as JSON, which {neededBy} needs: {ValidationFaults.Show(error!.Message)}");
        return null;
    }

    /// <summary>Checks the options, and copies their lists, which the caller may change.</summary>
    private static SubmitOptions CheckOptions(SubmitOptions options, ValidationFaults faults)
    {
        if (!Enum.IsDefined(options.Priority))
        {
            faults.Add("priority", Text($"must be one of low, normal, high, critical, not {options.Priority}."));
        }

        CheckTimes(options, faults);
        if (options.MaxAttempts is < 1 or > 1_000)
        {
            faults.Add("max_attempts", Text($"must be from 1 to 1000, not {options.MaxAttempts}."));
        }

        if (!Enum.IsDefined(options.OnDependencyFailure))
        {
            faults.Add("on_dependency_failure", Text($"must be one of cancel, run, not {options.OnDependencyFailure}."));
        }

        CheckKey("unique_key", options.UniqueKey, faults);
        CheckKey("fairness_key", options.FairnessKey, faults);
        CheckIdempotencyKey(options.IdempotencyKey, faults);
        return CopyLists(options, faults);
    }

    private static void CheckTimes(SubmitOptions options, ValidationFaults faults)
    {
        if (options.Delay < TimeSpan.Zero || options.Delay > LongestDelay)
        {
            faults.Add("delay_seconds", Text($"must be from 0 to {LongestDelay.TotalSeconds}, not {options.Delay.TotalSeconds}."));
        }

        if (options.Delay > TimeSpan.Zero && options.RunAt is not null)
        {
            faults.Add("run_at", "must not be given together with delay_seconds.");
        }

        if (options.Timeout is { } timeout
            && timeout != Timeout.InfiniteTimeSpan
            && (timeout < TimeSpan.FromMilliseconds(1) || timeout > OptionRanges.LongestTimeout))
        {
            faults.Add("timeout_seconds", Text($"must be from 0.001 to {OptionRanges.LongestTimeout.TotalSeconds}, not {timeout.TotalSeconds}."));
        }

        if (options.ReuseResultFor is { } age && (age <= TimeSpan.Zero || age > LongestDelay))
        {
            faults.Add("reuse_result_for_seconds", Text($"must be more than 0 and at most {LongestDelay.TotalSeconds}, not {age.TotalSeconds}."));
        }
    }

    private static SubmitOptions CopyLists(SubmitOptions options, ValidationFaults faults)
    {
        if (options.Tags.Count > SubmitOptions.MaxTags)
        {
            faults.Add("tags", Text($"must have at most {SubmitOptions.MaxTags} items, not {options.Tags.Count}."));
        }

        if (options.DependsOn.Count > SubmitOptions.MaxParents)
        {
            faults.Add("depends_on", Text($"must have at most {SubmitOptions.MaxParents} items, not {options.DependsOn.Count}."));
        }

        string[] tags = [.. options.Tags.Take(SubmitOptions.MaxTags)];
        for (int i = 0; i < tags.Length; i++)
        {
            CheckKey(Text($"tags[{i}]"), tags[i] ?? string.Empty, faults);
        }

        return tags.Length == 0 && options.DependsOn.Count == 0
            ? options
            : options with { Tags = tags, DependsOn = [.. options.DependsOn.Take(SubmitOptions.MaxParents).Distinct()] };
    }

    private static void CheckKey(string path, string? key, ValidationFaults faults)
    {
        if (key is null)
        {
            return;
        }

        if (key.Length is 0 or > SubmitOptions.MaxKeyLength)
        {
            faults.Add(path, Text($"must have 1 to {SubmitOptions.MaxKeyLength} characters, not {key.Length}."));
        }
        else if (key.Any(char.IsControl))
        {
            faults.Add(path, "must not have control characters.");
        }
    }

    private static void CheckIdempotencyKey(string? key, ValidationFaults faults)
    {
        if (key is not null && (key.Length is 0 or > MaxIdempotencyKeyLength || !Ascii.IsValid(key) || key.Any(char.IsControl)))
        {
            faults.Add("Idempotency-Key", Text($"must have 1 to {MaxIdempotencyKeyLength} printable ASCII characters."));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Reads the bodies that workers send. All faults but those of syntax are named at once.</summary>
internal static class WorkerBodies
{
    /// <summary>How long a call may wait, in seconds; a heartbeat that asks for more is answered then, a claim is refused.</summary>
    public const double LongestWaitSeconds = 30;

    private const int MaxItems = 1_000;

    public static WorkerRegistration ReadRegistration(byte[] body, ValidationFaults faults)
    {
        string? id = null;
        string? incarnation = null;
        string[] types = [];
        int? slots = null;
        Dictionary<string, string>? labels = null;
        new ObjectReader(faults)
            .Required("worker_id", (ref reader, path) => id = SubmitMembers.ReadText(ref reader, path, faults))
            .Required("incarnation", (ref reader, path) => incarnation = SubmitMembers.ReadText(ref reader, path, faults))
            .Required("task_types", (ref reader, path) => types = SubmitMembers.ReadTexts(ref reader, path, MaxItems, faults))
            .Optional("slots", (ref reader, path) => slots = WorkerMembers.ReadCount(ref reader, path, MaxItems, faults))
            .Optional("labels", (ref reader, path) => labels = ReadLabels(ref reader, path, faults))
            .ReadBody(body);
        return new WorkerRegistration(id ?? string.Empty, incarnation ?? string.Empty, types, slots, labels, faults.IsEmpty ? null : faults);
    }

    public static (int Max, TimeSpan Wait, string? Incarnation) ReadClaim(byte[] body, ValidationFaults faults)
    {
        int max = 1;
        TimeSpan wait = TimeSpan.Zero;
        string? incarnation = null;
        new ObjectReader(faults)
            .Optional("max", (ref reader, path) => max = WorkerMembers.ReadCount(ref reader, path, MaxItems, faults))
            .Optional("wait_seconds", (ref reader, path) => wait = WorkerMembers.ReadSeconds(ref reader, path, LongestWaitSeconds, faults))
            .Optional("incarnation", (ref reader, path) => incarnation = SubmitMembers.ReadText(ref reader, path, faults))
            .ReadBody(body);
        return (max, wait, incarnation);
    }

    public static (IReadOnlyList<LeaseReport> Leases, TimeSpan Wait, string? Incarnation) ReadHeartbeat(byte[] body, ValidationFaults faults)
    {
        List<LeaseReport> leases = [];
        TimeSpan wait = TimeSpan.Zero;
        string? incarnation = null;
        new ObjectReader(faults)
            .Optional("leases", (ref reader, path) => leases = SubmitMembers.ReadArray(ref reader, path, MaxItems, "leases", faults, ReadLease))
            .Optional("wait_seconds", (ref reader, path) => wait = WorkerMembers.ReadSecondsAtMost(ref reader, path, LongestWaitSeconds, faults))
            .Optional("incarnation", (ref reader, path) => incarnation = SubmitMembers.ReadText(ref reader, path, faults))
            .ReadBody(body);
        return (leases, wait, incarnation);

        LeaseReport ReadLease(ref Utf8JsonReader reader, string path, ValidationFaults found) => WorkerBodies.ReadLease(ref reader, path, body, found);
    }

    public static (LeaseProof Proof, JsonPayload Result) ReadCompletion(byte[] body, ValidationFaults faults)
    {
        var result = new JsonPayload("null"u8.ToArray(), Value: null);
        LeaseProof proof = ReadReport(body, faults, reader => reader
            .Optional("result", (ref json, _) => result = WorkerMembers.ReadAny(ref json, body)));
        return (proof, result);
    }

    public static (LeaseProof Proof, TaskError Error, bool IsRetryable, TimeSpan? RetryAfter) ReadFailure(byte[] body, ValidationFaults faults)
    {
        TaskError? error = null;
        bool isRetryable = true;
        TimeSpan? retryAfter = null;
        LeaseProof proof = ReadReport(body, faults, reader => reader
            .Required("error", (ref json, path) => error = WorkerMembers.ReadError(ref json, path, faults))
            .Optional("retryable", (ref json, path) => isRetryable = WorkerMembers.ReadFlag(ref json, path, faults))
            .Optional("retry_after_seconds", (ref json, path) => retryAfter = SubmitMembers.ReadSeconds(ref json, path, faults)));
        return (proof, error!, isRetryable, retryAfter);
    }

    public static (LeaseProof Proof, JsonPayload? Checkpoint) ReadRelease(byte[] body, ValidationFaults faults)
    {
        JsonPayload? checkpoint = null;
        LeaseProof proof = ReadReport(body, faults, reader => reader
            .Optional("checkpoint", (ref json, path) => checkpoint = WorkerMembers.ReadCheckpoint(ref json, path, body, faults)));
        return (proof, checkpoint);
    }

    public static (LeaseProof Proof, TaskProgress Progress) ReadProgress(byte[] body, ValidationFaults faults)
    {
        TaskProgress? progress = null;
        LeaseProof proof = ReadReport(body, faults, reader => reader
            .Required("progress", (ref json, path) => progress = WorkerMembers.ReadProgress(ref json, path, faults)));
        return (proof, progress!);
    }

    public static (LeaseProof Proof, IReadOnlyList<(LogLevel Level, string Message)> Lines) ReadLines(byte[] body, ValidationFaults faults)
    {
        List<(LogLevel Level, string Message)> lines = [];
        LeaseProof proof = ReadReport(body, faults, reader => reader
            .Required("entries", (ref json, path) => lines = SubmitMembers.ReadArray(ref json, path, MaxItems, "entries", faults, WorkerMembers.ReadLine)));
        return (proof, lines);
    }

    /// <summary>Reads what every report has: what proves that the task is the reporter's. The same bytes are the same report.</summary>
    private static LeaseProof ReadReport(byte[] body, ValidationFaults faults, Action<ObjectReader> addMembers)
    {
        Guid token = Guid.Empty;
        int? attempt = null;
        ObjectReader reader = new ObjectReader(faults)
            .Required("lease_token", (ref json, path) => token = WorkerMembers.ReadId(ref json, path, "a lease token, as the claim gave it", faults))
            .Optional("attempt", (ref json, path) => attempt = WorkerMembers.ReadCount(ref json, path, int.MaxValue, faults));
        addMembers(reader);
        reader.ReadBody(body);
        return new LeaseProof(token, attempt, Convert.ToBase64String(SHA256.HashData(body)));
    }

    private static LeaseReport ReadLease(ref Utf8JsonReader reader, string path, byte[] body, ValidationFaults faults)
    {
        Guid taskId = Guid.Empty;
        Guid token = Guid.Empty;
        TaskProgress? progress = null;
        bool isPaused = false;
        JsonPayload? checkpoint = null;
        new ObjectReader(faults)
            .Required("task_id", (ref json, member) => taskId = WorkerMembers.ReadId(ref json, member, "a task id", faults))
            .Required("lease_token", (ref json, member) => token = WorkerMembers.ReadId(ref json, member, "a lease token, as the claim gave it", faults))
            .Optional("progress", (ref json, member) => progress = WorkerMembers.ReadProgress(ref json, member, faults))
            .Optional("paused", (ref json, member) => isPaused = WorkerMembers.ReadFlag(ref json, member, faults))
            .Optional("checkpoint", (ref json, member) => checkpoint = WorkerMembers.ReadCheckpoint(ref json, member, body, faults))
            .Read(ref reader, path);
        return new LeaseReport(new LeaseKey(taskId, token), progress, isPaused, checkpoint);
    }

    private static Dictionary<string, string> ReadLabels(ref Utf8JsonReader reader, string path, ValidationFaults faults)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            SubmitMembers.Refuse<bool>(ref reader, path, "must be an object of strings", faults);
            return labels;
        }

        var seen = default(MemberNames);
        while (JsonBody.Read(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = JsonBody.Text(ref reader);
            seen.AddOnce(name);
            JsonBody.Read(ref reader);
            labels[name] = SubmitMembers.ReadText(ref reader, $"{path}.{ValidationFaults.Show(name)}", faults) ?? string.Empty;
        }

        return labels;
    }
}

using System.Text.Json;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Endpoints;

namespace TaskManager.AspNetCore.Requests;

/// <summary>The messages of the WebSocket: <c>{"subscribe": {…}}</c> and <c>{"unsubscribe": {…}}</c> in, events and problems out.</summary>
internal static class SocketMessage
{
    /// <exception cref="RequestRefusedException">It is none.</exception>
    public static (bool Subscribes, SocketSubscription Subscription) Read(byte[] message, TaskTypeRegistry types)
    {
        var faults = new ValidationFaults();
        (bool? subscribes, SocketSubscription subscription) = (null, new SocketSubscription(null, null, null));
        Utf8JsonReader reader = JsonBody.Begin(message);
        if (reader.TokenType == JsonTokenType.StartObject && JsonBody.Read(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            string verb = JsonBody.Text(ref reader);
            subscribes = verb switch { "subscribe" => true, "unsubscribe" => false, _ => null };
            JsonBody.Read(ref reader);
            if (reader.TokenType == JsonTokenType.StartObject && subscribes is not null)
            {
                subscription = ReadMembers(ref reader, types, faults);
                JsonBody.Read(ref reader);
            }
            else
            {
                subscribes = null;
            }
        }

        if (subscribes is not { } wish || (faults.IsEmpty && reader.TokenType != JsonTokenType.EndObject))
        {
            faults.Add("message", "must be {\"subscribe\": {…}} or {\"unsubscribe\": {…}}.");
            throw new RequestRefusedException(Problems.Invalid(faults.ByField()));
        }

        RequestRefusedException.ThrowIfAny(faults);
        return (wish, subscription);
    }

    public static void WriteEvent(Utf8JsonWriter writer, SocketSubscription subscription, TaskEvent happened, HttpSurface surface)
    {
        writer.WriteStartObject();
        WriteSubscription(writer, "subscription"u8, subscription);
        writer.WriteString("id"u8, happened.Id.ToString());
        writer.WriteString("event"u8, EventJsonWriter.NameOf(happened));
        writer.WritePropertyName("data"u8);
        EventJsonWriter.WriteData(writer, happened, (json, record) => TaskAnswers.Write(json, surface, record, reason: null, TaskAnswers.Form.Whole));
        writer.WriteEndObject();
    }

    /// <summary>Tells that nothing more will come of a subscription: its task has ended.</summary>
    public static void WriteEnd(Utf8JsonWriter writer, SocketSubscription subscription)
    {
        writer.WriteStartObject();
        WriteSubscription(writer, "unsubscribed"u8, subscription);
        writer.WriteEndObject();
    }

    public static void WriteProblem(Utf8JsonWriter writer, Problem problem)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("problem"u8);
        Answer.Write(writer, problem, context: null);
        writer.WriteEndObject();
    }

    private static void WriteSubscription(Utf8JsonWriter writer, ReadOnlySpan<byte> name, SocketSubscription subscription)
    {
        writer.WriteStartObject(name);
        if (subscription.TaskId is { } id)
        {
            writer.WriteString("task_id"u8, id);
        }

        if (subscription.TaskType is { } type)
        {
            writer.WriteString("type"u8, type);
        }

        if (subscription.State is { } state)
        {
            writer.WriteString("status"u8, state.WireName());
        }

        writer.WriteEndObject();
    }

    private static SocketSubscription ReadMembers(ref Utf8JsonReader reader, TaskTypeRegistry types, ValidationFaults faults)
    {
        var subscription = new SocketSubscription(null, null, null);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (JsonBody.Read(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            string member = JsonBody.Text(ref reader);
            JsonBody.AddOnce(seen, member);
            JsonBody.Read(ref reader);
            string? value = reader.TokenType == JsonTokenType.Null ? null : SubmitMembers.ReadText(ref reader, member, faults);
            if (value is not null)
            {
                subscription = With(subscription, member, value, types, faults);
            }
        }

        return subscription;
    }

    private static SocketSubscription With(SocketSubscription subscription, string member, string value, TaskTypeRegistry types, ValidationFaults faults)
    {
        switch (member)
        {
            case "task_id" when Guid.TryParseExact(value, "D", out Guid id):
                return subscription with { TaskId = id };
            case "type" when types.Find(value) is not null:
                return subscription with { TaskType = value };
            case "status" when TaskStates.TryParse(value, out TaskState state):
                return subscription with { State = state };
            case "last_event_id":
                return subscription with { After = TaskEventId.TryParse(value, out TaskEventId after) ? after : new TaskEventId(0, long.MaxValue) };
            case "task_id" or "type" or "status":
                faults.Add(member, $"must be {(member == "task_id" ? "a UUID" : member == "type" ? "the name of a task type" : "the name of a state")}, not \"{ValidationFaults.Show(value)}\".");
                return subscription;
            default:
                faults.Add(ValidationFaults.Show(member), "is unknown: allowed are task_id, type, status, last_event_id.");
                return subscription;
        }
    }
}

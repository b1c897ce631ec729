using System.Text.Json;
using System.Text.Unicode;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Endpoints;

namespace TaskManager.AspNetCore.Requests;

/// <summary>The messages of the WebSocket: <c>{"subscribe": {…}}</c> and <c>{"unsubscribe": {…}}</c> in, events and problems out.</summary>
internal static class SocketMessage
{
    private static readonly string[] Members = ["task_id", "type", "status", "last_event_id"];

    /// <exception cref="RequestRefusedException">It is none.</exception>
    public static (bool Subscribes, SocketSubscription Subscription) Read(byte[] message, TaskTypeRegistry types)
    {
        if (!Utf8.IsValid(message))
        {
            throw new RequestRefusedException(Problems.Malformed("The message is not valid UTF-8."));
        }

        var faults = new ValidationFaults();
        (bool Subscribes, SocketSubscription Subscription)? wish = null;
        Utf8JsonReader reader = JsonBody.Begin(message);
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            wish = ReadWish(ref reader, types, faults);
        }
        else
        {
            JsonBody.Skip(ref reader);
        }

        JsonBody.End(ref reader);
        if (wish is null)
        {
            faults.Add("message", "must be {\"subscribe\": {…}} or {\"unsubscribe\": {…}}.");
        }

        RequestRefusedException.ThrowIfAny(faults);
        return wish!.Value;
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

    /// <summary>Reads the members of the message.</summary>
    /// <returns><see langword="null"/> when there is anything but one wish.</returns>
    private static (bool Subscribes, SocketSubscription Subscription)? ReadWish(ref Utf8JsonReader reader, TaskTypeRegistry types, ValidationFaults faults)
    {
        var wishes = new List<(bool, SocketSubscription)>();
        var seen = default(MemberNames);
        while (JsonBody.Read(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            string verb = JsonBody.Text(ref reader);
            seen.AddOnce(verb);
            JsonBody.Read(ref reader);
            if (verb is "subscribe" or "unsubscribe" && reader.TokenType == JsonTokenType.StartObject)
            {
                wishes.Add((verb == "subscribe", ReadMembers(ref reader, types, faults)));
            }
            else
            {
                JsonBody.Skip(ref reader);
            }
        }

        return wishes is [var only] && seen.Count == 1 ? only : null;
    }

    private static SocketSubscription ReadMembers(ref Utf8JsonReader reader, TaskTypeRegistry types, ValidationFaults faults)
    {
        var subscription = new SocketSubscription(null, null, null);
        var seen = default(MemberNames);
        while (JsonBody.Read(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            string member = JsonBody.Text(ref reader);
            seen.AddOnce(member);
            JsonBody.Read(ref reader);
            if (!Members.Contains(member, StringComparer.Ordinal))
            {
                faults.Add(ValidationFaults.Show(member), $"is unknown: allowed are {string.Join(", ", Members)}.");
                JsonBody.Skip(ref reader);
            }
            else if (reader.TokenType != JsonTokenType.Null && SubmitMembers.ReadText(ref reader, member, faults) is { } value)
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
            case "task_id" when TaskIds.TryParse(value, out Guid id):
                return subscription with { TaskId = id };
            case "type" when types.Find(value) is not null:
                return subscription with { TaskType = value };
            case "status" when TaskStates.TryParse(value, out TaskState state):
                return subscription with { State = state };
            case "last_event_id":
                return subscription with { After = TaskEventId.TryParse(value, out TaskEventId after) ? after : new TaskEventId(0, long.MaxValue) };
            default:
                faults.Add(member, $"must be {(member == "task_id" ? "a UUID" : member == "type" ? "the name of a task type" : "the name of a state")}, not \"{ValidationFaults.Show(value)}\".");
                return subscription;
        }
    }
}

namespace TaskManager.AspNetCore.Endpoints;

/// <summary>The parameters that several endpoints share.</summary>
internal static class Parameters
{
    public static readonly ParameterDescription TaskId = new("id", "path", "The id of the task.", """{"type":"string","format":"uuid"}""");

    public static readonly ParameterDescription TaskType = new("type", "path", "The name of the task type.", """{"type":"string"}""");

    public static readonly ParameterDescription WorkerId = new("id", "path", "The id of the worker.", """{"type":"string"}""");

    public static readonly ParameterDescription Incarnation = new(
        "incarnation", "query", "Which start of the worker speaks: one that was replaced is refused.", """{"type":"string"}""");

    public static readonly ParameterDescription Wait = new(
        "wait", "query", "Long-poll: answer as soon as the status changes, at once when the task is done, and after the time-out with the task as it is.", """{"type":"boolean","default":false}""");

    public static readonly ParameterDescription WaitTimeout = new(
        "timeout", "query", "How long to wait, in seconds; 0 answers at once.", """{"type":"number","minimum":0,"maximum":60,"default":10}""");

    public static readonly ParameterDescription PreferWait = new(
        "Prefer", "header", "`wait=N`: wait up to N seconds (at most 60).", """{"type":"string","pattern":"^wait=[0-9]+$"}""");

    public static readonly ParameterDescription IfNoneMatch = new(
        "If-None-Match", "header", "The ETag of the last answer: 304 while it is still true.", """{"type":"string"}""");

    public static readonly ParameterDescription IdempotencyKey = new(
        "Idempotency-Key", "header", "Makes the submission repeatable: the same body under the same key is answered with the first task.", """{"type":"string","minLength":1,"maxLength":255}""");

    public static readonly ParameterDescription Purge = new(
        "purge", "query", "Remove the task for good; an unfinished one is cancelled first.", """{"type":"boolean","default":false}""");

    public static readonly ParameterDescription Atomic = new("atomic", "query", "All, or none.", """{"type":"boolean","default":false}""");

    public static readonly ParameterDescription LastEventId = new(
        "Last-Event-ID", "header", "The id of the last event that arrived: the stream goes on behind it, or begins with a `reset` when that is not possible.", """{"type":"string"}""");

    public static readonly ParameterDescription After = new(
        "after", "query", "The `next_cursor` of the page before, or the `seq` of a line: only lines behind it.", """{"type":"integer","minimum":0,"default":0}""");

    public static readonly ParameterDescription Level = new(
        "level", "query", "The lowest level.", """{"$ref":"#/components/schemas/LogLevel"}""");

    public static readonly ParameterDescription Status = new(
        "status", "query", "Only tasks in one of these states; repeated or comma-separated.", """{"type":"array","items":{"$ref":"#/components/schemas/TaskState"}}""");

    public static readonly ParameterDescription Type = new(
        "type", "query", "Only tasks of one of these types; repeated or comma-separated.", """{"type":"array","items":{"type":"string"}}""");

    public static readonly ParameterDescription Tag = new(
        "tag", "query", "Only tasks with one of these tags; repeated or comma-separated.", """{"type":"array","items":{"type":"string"}}""");

    public static readonly ParameterDescription Limit = new("limit", "query", "The size of a page.", """{"type":"integer","minimum":1,"maximum":1000,"default":100}""");

    public static readonly ParameterDescription Cursor = new("cursor", "query", "The `next_cursor` of the page before.", """{"type":"string"}""");
}

using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

/// <summary>One block of an event stream: an event, or a comment.</summary>
internal sealed record ServerSentEvent(string? Id, string? Name, string? Data, string? Comment)
{
    public JsonElement Json => JsonElement.Parse(Data!);

    /// <summary>Gets the place in the log, without the process.</summary>
    public long Number => long.Parse(Id!.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture);

    public string Text(string member) => Json.GetProperty(member).GetString()!;

    /// <summary>Gets what tells the event apart at a glance: a status, a message, or the name.</summary>
    public string Gist => Name switch
    {
        "status" => Text("status"),
        "progress" => Json.GetProperty("progress").GetProperty("message").GetString() ?? "progress",
        "log" => Text("message"),
        _ => Name ?? $":{Comment}",
    };
}

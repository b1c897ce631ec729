using Microsoft.AspNetCore.Http;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Reads the id out of the path.</summary>
internal static class TaskIds
{
    public const string RouteName = "id";

    private const int Length = 36;

    public static Guid Read(HttpContext context, ValidationFaults faults)
    {
        string text = context.Request.RouteValues[RouteName] as string ?? string.Empty;

        // The length too: the parser would forgive white space around it.
        if (text.Length != Length || !Guid.TryParseExact(text, "D", out Guid id))
        {
            faults.Add("task_id", $"must be a UUID, not \"{ValidationFaults.Show(text)}\".");
            return Guid.Empty;
        }

        return id;
    }
}

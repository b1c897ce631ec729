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
        if (!TryParse(text, out Guid id))
        {
            faults.Add("task_id", $"must be a UUID, not \"{ValidationFaults.Show(text)}\".");
            return Guid.Empty;
        }

        return id;
    }

    public static bool TryParse(string text, out Guid id)
    {
        id = Guid.Empty;
        return text.Length == Length && Guid.TryParseExact(text, "D", out id); // the length too: the parser would forgive white space around it
    }
}

using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Reads the id out of the path.</summary>
internal static class TaskIds
{
    public const string RouteName = "id";

    /// <exception cref="RequestRefusedException">It is no UUID.</exception>
    public static Guid Read(HttpContext context)
    {
        string? text = context.Request.RouteValues[RouteName] as string;
        return Guid.TryParseExact(text, "D", out Guid id)
            ? id
            : throw new RequestRefusedException(Problems.Invalid("task_id", $"must be a UUID, not \"{ValidationFaults.Show(text ?? string.Empty)}\"."));
    }
}

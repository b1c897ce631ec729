using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary><c>GET /task-types</c> and <c>/task-types/{type}</c>.</summary>
internal sealed class TaskTypeEndpoints(HttpSurface surface)
{
    public const string RouteName = "type";

    public Task ListAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        return surface.Answer.SendAsync(context, StatusCodes.Status200OK, surface.Tasks.Types.All, static (writer, types) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("items"u8);
            foreach (TaskType type in types)
            {
                Write(writer, type);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    public Task GetAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        string name = context.Request.RouteValues[RouteName] as string ?? string.Empty;
        TaskType type = surface.Tasks.Types.Find(name) ?? throw new RequestRefusedException(Problems.TaskTypeNotFound(name));
        return surface.Answer.SendAsync(context, StatusCodes.Status200OK, type, Write);
    }

    private static void Write(Utf8JsonWriter writer, TaskType type)
    {
        writer.WriteStartObject();
        writer.WriteString("task_type"u8, type.Name);
        writer.WriteString("description"u8, type.Description);
        WriteNode(writer, "parameters_schema"u8, type.ParametersSchema);
        WriteNode(writer, "result_schema"u8, type.ResultSchema);
        WriteNode(writer, "example"u8, type.Example);
        writer.WritePropertyName("timeout_seconds"u8);
        if (type.Timeout == Timeout.InfiniteTimeSpan)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteNumberValue(type.Timeout.TotalSeconds);
        }

        writer.WriteNumber("max_attempts"u8, type.MaxAttempts);
        TaskJsonWriter.WriteLimits(writer, type);
        writer.WriteString("runs_on"u8, type.RunsOnWorkers ? "workers"u8 : "pool"u8);
        writer.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonNode? node)
    {
        writer.WritePropertyName(name);
        if (node is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            node.WriteTo(writer);
        }
    }
}

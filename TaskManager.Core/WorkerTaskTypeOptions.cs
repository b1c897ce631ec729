using System.Text.Json;
using System.Text.Json.Nodes;

namespace TaskManager;

/// <summary>How the tasks of a type that workers run are treated, and what is known of their parameters.</summary>
public sealed class WorkerTaskTypeOptions : TaskTypeOptions
{
    /// <summary>Gets or sets a JSON schema (draft 2020-12) of the parameters, for <c>GET /task-types</c> and the OpenAPI document. It is shown, and checks nothing by itself.</summary>
    /// <value><see langword="null"/>, the default, for any JSON.</value>
    public JsonNode? ParametersSchema { get; set; }

    /// <summary>Gets or sets a JSON schema (draft 2020-12) of the result, for <c>GET /task-types</c> and the OpenAPI document. It is shown, and checks nothing by itself.</summary>
    /// <value><see langword="null"/>, the default, for any JSON.</value>
    public JsonNode? ResultSchema { get; set; }

    /// <summary>Gets or sets what checks the parameters before a task is accepted. It notes what is wrong, with paths that begin with <c>parameters</c>, and must not throw.</summary>
    /// <value><see langword="null"/>, the default, to accept any JSON.</value>
    public Action<JsonElement, ValidationFaults>? CheckParameters { get; set; }
}

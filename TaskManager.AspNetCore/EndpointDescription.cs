namespace TaskManager.AspNetCore;

/// <summary>What one endpoint takes and gives; in its metadata, for whoever writes an OpenAPI document.</summary>
/// <param name="Id">The operation's id, unique among the endpoints of one mapping.</param>
/// <param name="Summary">One sentence.</param>
public sealed record EndpointDescription(string Id, string Summary)
{
    /// <summary>Gets the parameters in the path, the query and the headers.</summary>
    public IReadOnlyList<ParameterDescription> Parameters { get; init; } = [];

    /// <summary>Gets the schemas of the body by media type; empty when there is none.</summary>
    public IReadOnlyDictionary<string, string> Body { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the answers that are no errors.</summary>
    public IReadOnlyList<AnswerDescription> Answers { get; init; } = [];

    /// <summary>Gets the statuses of the errors, all of which are problem details. One that has 429 among them is under the rate limit, whose headers all its answers have.</summary>
    public IReadOnlyList<int> Refusals { get; init; } = [];
}

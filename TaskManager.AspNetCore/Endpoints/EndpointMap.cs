using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TaskManager.AspNetCore.Guards;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary>Maps endpoints of one kind: each with what it takes and gives in its metadata, and all with the same guard around them.</summary>
/// <param name="group">Where they stand.</param>
/// <param name="refusals">What each of them may refuse with besides its own.</param>
internal sealed class EndpointMap(RouteGroupBuilder group, params int[] refusals)
{
    public static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    public static readonly string[] Post = [HttpMethods.Post];

    public void Map(string tag, string pattern, string[] methods, RequestDelegate endpoint, EndpointDescription description) =>
        group.MapMethods(pattern, methods, endpoint)
            .WithTags(tag)
            .WithSummary(description.Summary)
            .WithMetadata(description with { Refusals = [.. description.Refusals, .. refusals] }, endpoint.Method); // the method makes the endpoint one that can be described

    /// <summary>Puts the guard around what was mapped.</summary>
    public IEndpointConventionBuilder GuardedBy(EndpointGuard guard)
    {
        ((IEndpointConventionBuilder)group).Add(TaskIdRoute.Constrain);

        // Around the request delegates rather than in a middleware: the guard goes wherever the endpoints go.
        ((IEndpointConventionBuilder)group).Finally(builder => builder.RequestDelegate = guard.Around(builder.RequestDelegate!));
        return group;
    }

    public static Dictionary<string, string> Json(string schema) => new(StringComparer.Ordinal) { ["application/json"] = schema };
}

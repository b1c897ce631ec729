using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.AspNetCore.Routing.Patterns;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary>Keeps <c>{id}</c> from the names that stand beside it: <c>/tasks/batch</c> would be a task's place too, and a 405 would name methods that it does not have.</summary>
internal sealed class TaskIdRoute : IRouteConstraint, IParameterLiteralNodeMatchingPolicy
{
    private const string Parameter = "id";

    private static readonly RouteValueDictionary Policies = new() { [Parameter] = new TaskIdRoute() };

    private static readonly HashSet<string> Neighbours = new(StringComparer.OrdinalIgnoreCase) { "batch", "events", "stats", "ws" };

    /// <summary>Puts the constraint on an endpoint whose pattern has the parameter; the pattern still reads as it was written.</summary>
    public static void Constrain(EndpointBuilder builder)
    {
        if (builder is RouteEndpointBuilder { RoutePattern: { } pattern } route && pattern.GetParameter(Parameter) is not null)
        {
            route.RoutePattern = RoutePatternFactory.Pattern(pattern.RawText, new RouteValueDictionary(pattern.Defaults), Policies, pattern.PathSegments);
        }
    }

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values[routeKey] is not string value || MatchesLiteral(routeKey, value);

    // Asked when the routes are built: what is refused here does not stand in the table of the methods either.
    public bool MatchesLiteral(string parameterName, string literal) => !Neighbours.Contains(literal);
}

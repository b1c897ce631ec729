using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace TaskManager.Api.OpenApi;

/// <summary>The error answers, each described once among the document's components.</summary>
internal static class Refusals
{
    private static readonly Dictionary<int, string> Descriptions = new()
    {
        [StatusCodes.Status400BadRequest] = "The request is malformed or wrong: `errors` names every fault.",
        [StatusCodes.Status403Forbidden] = "A page of another site may not change tasks.",
        [StatusCodes.Status404NotFound] = "There is none, or none any more.",
        [StatusCodes.Status406NotAcceptable] = "The `Accept` header admits no form that the answer has.",
        [StatusCodes.Status409Conflict] = "The state does not allow it: `current_status` names it.",
        [StatusCodes.Status410Gone] = "The task was removed on request.",
        [StatusCodes.Status413PayloadTooLarge] = "The body is too large.",
        [StatusCodes.Status415UnsupportedMediaType] = "The body is in a form that is not understood.",
        [StatusCodes.Status422UnprocessableEntity] = "The `Idempotency-Key` belongs to another request.",
        [StatusCodes.Status429TooManyRequests] = "The client has used up its budget: `Retry-After` says when it has some again.",
        [StatusCodes.Status503ServiceUnavailable] = "There is no room, too many calls wait, or the service is not ready.",
    };

    public static OpenApiResponseReference Reference(int status, OpenApiDocument document)
    {
        string name = $"Problem{status}";
        if (document.Components?.Responses?.ContainsKey(name) != true)
        {
            OpenApiResponse response = WithoutBody(status, document);
            response.Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", document) },
            };
            document.AddComponent(name, response);
        }

        return new OpenApiResponseReference(name, document);
    }

    /// <summary>Describes the answer to a <c>HEAD</c>.</summary>
    public static OpenApiResponse WithoutBody(int status, OpenApiDocument document)
    {
        bool isTemporary = status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;
        return new OpenApiResponse
        {
            Description = Descriptions.GetValueOrDefault(status, ReasonPhrases.GetReasonPhrase(status)),
            Headers = AnswerHeaders.Of(isTemporary ? ["Retry-After", .. AnswerHeaders.OfRateLimit] : AnswerHeaders.OfRateLimit, document),
        };
    }
}

using Microsoft.OpenApi;
using TaskManager.AspNetCore;

namespace TaskManager.Api.OpenApi;

/// <summary>Writes what an operation answers: its own answers by status, each with every form it has, then its refusals.</summary>
internal static class OperationAnswers
{
    private const string Json = "application/json";

    public static OpenApiResponses Of(EndpointDescription endpoint, bool isHead, OpenApiDocument document)
    {
        IReadOnlyList<string> common = endpoint.Refusals.Contains(StatusCodes.Status429TooManyRequests) ? AnswerHeaders.OfRateLimit : [];
        var responses = new OpenApiResponses();
        foreach (IGrouping<int, AnswerDescription> answers in endpoint.Answers.GroupBy(answer => answer.Status).OrderBy(group => group.Key))
        {
            responses[Text(answers.Key)] = new OpenApiResponse
            {
                Description = string.Join(' ', answers.Select(answer => answer.MediaType == Json ? answer.Description : $"As `{answer.MediaType}`: {answer.Description}")),
                Headers = AnswerHeaders.Of([.. answers.SelectMany(answer => answer.Headers), .. common], document),
                Content = isHead ? null : Forms(answers, document),
            };
        }

        foreach (int status in endpoint.Refusals.Order())
        {
            responses[Text(status)] = isHead ? Refusals.WithoutBody(status, document) : Refusals.Reference(status, document);
        }

        return responses;
    }

    private static Dictionary<string, OpenApiMediaType> Forms(IEnumerable<AnswerDescription> answers, OpenApiDocument document) => answers
        .Where(answer => answer.Schema is not null)
        .ToDictionary(answer => answer.MediaType, answer => new OpenApiMediaType { Schema = new OpenApiSchemaReference(answer.Schema!, document) }, StringComparer.Ordinal);

    private static string Text(int status) => status.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

namespace TaskManager.AspNetCore;

/// <summary>One answer of an endpoint.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Description">When it is given.</param>
/// <param name="Schema">The name of the body's schema; <see langword="null"/> when there is no body.</param>
/// <param name="MediaType">The body's media type.</param>
public sealed record AnswerDescription(int Status, string Description, string? Schema = null, string MediaType = "application/json")
{
    /// <summary>Gets the names of the headers that tell something of it; those of the rate limit, which all answers have, are left out.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];
}

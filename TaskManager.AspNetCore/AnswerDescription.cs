namespace TaskManager.AspNetCore;

/// <summary>One answer of an endpoint.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Description">When it is given.</param>
/// <param name="Schema">The name of the body's schema; <see langword="null"/> when there is no body.</param>
/// <param name="MediaType">The body's media type.</param>
public sealed record AnswerDescription(int Status, string Description, string? Schema = null, string MediaType = "application/json");

namespace TaskManager.AspNetCore;

/// <summary>One parameter of an endpoint.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In"><c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Description">Meaning, unit, default.</param>
/// <param name="Schema">Its JSON schema.</param>
public sealed record ParameterDescription(string Name, string In, string Description, string Schema);

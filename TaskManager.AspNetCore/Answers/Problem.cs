namespace TaskManager.AspNetCore.Answers;

/// <summary>What an error answer says (RFC 9457). Immutable; the request adds <c>instance</c> and <c>trace_id</c>.</summary>
internal sealed record Problem(int Status, string Name, string Title, string Detail)
{
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    public string? CurrentStatus { get; init; }

    public IReadOnlyList<string>? KnownTaskTypes { get; init; }

    /// <summary>Gets the whole seconds after which a repetition may succeed; also sent as <c>Retry-After</c>.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Leaves out what may be long.</summary>
    public Problem WithoutLists() => this with { Errors = null, KnownTaskTypes = null };
}

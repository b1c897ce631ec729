namespace TaskManager;

/// <summary>What came of one registration of a worker.</summary>
public abstract record RegisterResult
{
    private RegisterResult()
    {
    }

    /// <summary>The worker is registered.</summary>
    /// <param name="IsNew">Whether its id was not registered before.</param>
    /// <param name="LeaseDuration">How long a task is its own without a heartbeat.</param>
    /// <param name="HeartbeatInterval">How often it shall say that it lives: a third of it.</param>
    public sealed record Registered(bool IsNew, TimeSpan LeaseDuration, TimeSpan HeartbeatInterval) : RegisterResult;

    /// <summary>The registration is wrong.</summary>
    /// <param name="Errors">Every fault, by the path of the field.</param>
    public sealed record Invalid(IReadOnlyDictionary<string, IReadOnlyList<string>> Errors) : RegisterResult;

    /// <summary>Some of its types have a handler in the service's own process: they are not for workers.</summary>
    /// <param name="TaskTypes">Which.</param>
    public sealed record HasHandler(IReadOnlyList<string> TaskTypes) : RegisterResult;

    /// <summary>Another start of the worker has taken over from this one, which must end.</summary>
    public sealed record StaleIncarnation : RegisterResult;

    /// <summary>As many workers are registered as may be.</summary>
    /// <param name="Max">How many.</param>
    public sealed record TooManyWorkers(int Max) : RegisterResult;

    /// <summary>There would be more task types than there may be.</summary>
    /// <param name="Max">How many.</param>
    public sealed record TooManyTaskTypes(int Max) : RegisterResult;
}

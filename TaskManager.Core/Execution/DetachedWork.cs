namespace TaskManager.Execution;

/// <summary>Begins what outlives whoever begins it, so that nothing of theirs flows into it: neither their span nor anything else that an asynchronous flow carries.</summary>
internal static class DetachedWork
{
    public static void Start(Func<Task> work) => _ = Make(() => Task.Run(work));

    /// <summary>Makes something that captures the flow it is made in, such as a timer.</summary>
    public static T Make<T>(Func<T> make)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return make();
        }

        using (ExecutionContext.SuppressFlow())
        {
            return make();
        }
    }
}

namespace TaskManager.Tests.Proof.Races;

/// <summary>In memory nothing that is asked of a task has to be waited for, so a thread of its own can ask without a pool thread.</summary>
internal static class InProcess
{
    public static T AtOnce<T>(this ValueTask<T> asking)
    {
        Assert.True(asking.IsCompletedSuccessfully, "In memory it takes no time.");
        return asking.Result;
    }
}

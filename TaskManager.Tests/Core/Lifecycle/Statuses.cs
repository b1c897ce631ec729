namespace TaskManager.Tests.Core.Lifecycle;

internal static class Statuses
{
    /// <summary>Compares every field; the attempts by value, since records compare their lists by reference.</summary>
    public static void AssertEqual(LifecycleStatus? expected, LifecycleStatus? actual)
    {
        Assert.Equal(expected?.EarlierAttempts, actual?.EarlierAttempts);
        Assert.Equal(expected is null ? null : expected with { EarlierAttempts = [] }, actual is null ? null : actual with { EarlierAttempts = [] });
    }
}

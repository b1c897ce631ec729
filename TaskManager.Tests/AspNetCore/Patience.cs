namespace TaskManager.Tests.AspNetCore;

/// <summary>Waits that only detect a hang.</summary>
internal static class Patience
{
    public static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    public static Task<T> WithPatienceAsync<T>(this Task<T> task) => task.WaitAsync(Generous, TimeProvider.System, TestContext.Current.CancellationToken);

    public static Task WithPatienceAsync(this Task task) => task.WaitAsync(Generous, TimeProvider.System, TestContext.Current.CancellationToken);

    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var hang = new CancellationTokenSource(Generous, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(hang.Token, TestContext.Current.CancellationToken);
        while (!await condition())
        {
            await Task.Delay(BetweenLooks, TimeProvider.System, either.Token);
        }
    }
}

using Microsoft.Extensions.Logging;
using TaskManager.Diagnostics;

namespace TaskManager.Execution;

/// <summary>Asks a store again that has thrown: it may be away for a moment, and what an attempt has to tell must not be lost with it.</summary>
internal sealed class StoreRetry(TimeProvider clock, ILogger log)
{
    private const int MaxTries = 60; // a minute: whoever waits keeps a slot, and the store may have something against this one task alone
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Asks until there is an answer; the second time at once, then once a second.</summary>
    public ValueTask<T> AskAsync<TArgument, T>(TArgument argument, Func<TArgument, ValueTask<T>> ask)
    {
        ValueTask<T> asking = Ask(argument, ask);
        return asking.IsCompletedSuccessfully ? asking : InsistAsync(asking, argument, ask);
    }

    private static ValueTask<T> Ask<TArgument, T>(TArgument argument, Func<TArgument, ValueTask<T>> ask)
    {
        try
        {
            return ask(argument);
        }
        catch (Exception error) // a store may be anyone's
        {
            return ValueTask.FromException<T>(error);
        }
    }

    private async ValueTask<T> InsistAsync<TArgument, T>(ValueTask<T> asking, TArgument argument, Func<TArgument, ValueTask<T>> ask)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await asking.ConfigureAwait(false);
            }
            catch (Exception error) when (tries < MaxTries)
            {
                Log.StoreFailed(log, error);
            }

            if (tries > 1)
            {
                await Task.Delay(Pause, clock).ConfigureAwait(false);
            }

            asking = Ask(argument, ask);
        }
    }
}

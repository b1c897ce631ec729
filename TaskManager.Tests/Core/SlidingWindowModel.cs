namespace TaskManager.Tests.Core;

/// <summary>What <see cref="SlidingWindowLimiter"/> promises, written without a thought for speed: lists, and every future moment tried.</summary>
internal sealed class SlidingWindowModel(int limit, long window, int maxClients)
{
    private readonly Dictionary<int, List<long>> _admitted = []; // of each client, whoever's budget it spent
    private readonly List<long> _shared = [];
    private readonly HashSet<int> _owners = []; // until idle

    public int Owners(long now) => _owners.Count(client => IsBusy(client, now));

    public RateLimitDecision Peek(int client, long now)
    {
        int remaining = Remaining(client, now);
        TimeSpan reset = ResetAfter(client, now);
        return new(remaining > 0, limit, remaining, remaining > 0 ? TimeSpan.Zero : reset, reset);
    }

    public RateLimitDecision Acquire(int client, long now)
    {
        RateLimitDecision before = Peek(client, now);
        if (!before.IsAllowed)
        {
            return before;
        }

        if (HasOwnBudget(client, now))
        {
            _owners.Add(client);
        }
        else
        {
            _owners.Remove(client);
            _shared.Add(now);
        }

        _admitted.TryAdd(client, []);
        _admitted[client].Add(now);
        return before with { Remaining = Remaining(client, now), ResetAfter = ResetAfter(client, now) };
    }

    private int Remaining(int client, long now) =>
        limit - (HasOwnBudget(client, now) ? Inside(_admitted.GetValueOrDefault(client, []), now) : Inside(_shared, now));

    // Nobody acts, so the count can only change when an admission leaves.
    private TimeSpan ResetAfter(int client, long now)
    {
        int remaining = Remaining(client, now);
        return _admitted.Values.SelectMany(moments => moments)
            .Select(moment => moment + window)
            .Where(moment => moment > now)
            .Order()
            .Where(moment => Remaining(client, moment) > remaining)
            .Select(moment => TimeSpan.FromTicks(moment - now))
            .FirstOrDefault();
    }

    private bool HasOwnBudget(int client, long now) => (_owners.Contains(client) && IsBusy(client, now)) || Owners(now) < maxClients;

    private bool IsBusy(int client, long now) => Inside(_admitted[client], now) > 0;

    private int Inside(List<long> moments, long now) => moments.Count(moment => moment > now - window);
}

namespace TaskManager.Queueing;

/// <summary>The fairness keys of one priority that have something ready, over all types.</summary>
internal sealed class FairnessRotation
{
    private readonly Dictionary<string, FairnessTurn> _turns = new(StringComparer.Ordinal);
    private readonly FairnessTurn _keyless = new(key: null); // most tasks have no key, and should cost no look-up
    private long _ranks;

    public FairnessTurn Join(string? key)
    {
        FairnessTurn? turn = _keyless;
        if (key is not null && !_turns.TryGetValue(key, out turn))
        {
            turn = new FairnessTurn(key);
            _turns.Add(key, turn);
        }

        if (turn.Ready++ == 0)
        {
            Serve(turn);
        }

        return turn;
    }

    public void Leave(FairnessTurn turn)
    {
        if (--turn.Ready == 0 && turn.Key is not null)
        {
            _turns.Remove(turn.Key);
        }
    }

    public void Serve(FairnessTurn turn) => turn.Rank = ++_ranks;
}

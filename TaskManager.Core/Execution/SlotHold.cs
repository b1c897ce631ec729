namespace TaskManager.Execution;

/// <summary>
/// One attempt's hold on one slot. The consumer that entered the handler may still be inside its synchronous part when the slot is given away: then the consumer has lost it, and
/// another one takes over.
/// </summary>
internal sealed class SlotHold(Slot slot) : Place
{
    private const int Entering = 0;
    private const int Awaited = 1;
    private const int Ended = 2;
    private const int GivenAway = 3;

    private TaskCompletionSource? _released;
    private int _state;

    public Slot Slot => slot;

    public override SlotHold? Hold => this;

    /// <summary>Ends the hold with the attempt; the consumer goes on with the slot.</summary>
    public void End() => Leave(Ended);

    /// <summary>Ends the hold before the attempt: it stands at a checkpoint, or was abandoned.</summary>
    /// <returns><see langword="true"/> when the consumer is still inside the handler, and another one must take over the slot.</returns>
    public bool GiveAway() => Leave(GivenAway) == Entering;

    /// <summary>Waits until the slot is free; called by the consumer once it is out of the handler's synchronous part.</summary>
    /// <returns><see langword="false"/> when the slot was given away meanwhile: it belongs to another consumer now.</returns>
    public async ValueTask<bool> WaitAsync()
    {
        if (Volatile.Read(ref _state) == Entering)
        {
            // Completed by whoever ends the attempt: a handler's thread, or a timer's. The consumer's loop must not run there.
            _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Interlocked.CompareExchange(ref _state, Awaited, Entering) == Entering)
            {
                await _released.Task.ConfigureAwait(false);
                return true;
            }
        }

        return Volatile.Read(ref _state) == Ended;
    }

    /// <summary>Gets a hold for the slot's next attempt: this one again, if its attempt is over and nobody can take it for the old one.</summary>
    public SlotHold Next()
    {
        if (Volatile.Read(ref _state) != Ended)
        {
            return new SlotHold(slot);
        }

        _released = null;
        Volatile.Write(ref _state, Entering);
        return this;
    }

    private int Leave(int to)
    {
        int before = Volatile.Read(ref _state);
        while (before is Entering or Awaited)
        {
            int seen = Interlocked.CompareExchange(ref _state, to, before);
            if (seen == before)
            {
                if (before == Awaited)
                {
                    _released!.TrySetResult();
                }

                break;
            }

            before = seen;
        }

        return before;
    }
}

namespace TaskManager;

/// <summary>The events of a task's life; <see cref="LifecycleEvent"/> says what each means.</summary>
public enum LifecycleEventKind : byte
{
    /// <summary>See <see cref="LifecycleEvent.Due"/>.</summary>
    Due,

    /// <summary>See <see cref="LifecycleEvent.ParentCompleted"/>.</summary>
    ParentCompleted,

    /// <summary>See <see cref="LifecycleEvent.ParentFailed"/>.</summary>
    ParentFailed,

    /// <summary>See <see cref="LifecycleEvent.Claim"/>.</summary>
    Claim,

    /// <summary>See <see cref="LifecycleEvent.Pause"/>.</summary>
    Pause,

    /// <summary>See <see cref="LifecycleEvent.Resume"/>.</summary>
    Resume,

    /// <summary>See <see cref="LifecycleEvent.Cancel"/>.</summary>
    Cancel,

    /// <summary>See <see cref="LifecycleEvent.Retry"/>.</summary>
    Retry,

    /// <summary>See <see cref="LifecycleEvent.CheckpointReached"/>.</summary>
    CheckpointReached,

    /// <summary>See <see cref="LifecycleEvent.CheckpointSaved"/>.</summary>
    CheckpointSaved,

    /// <summary>See <see cref="LifecycleEvent.TimeoutElapsed"/>.</summary>
    TimeoutElapsed,

    /// <summary>See <see cref="LifecycleEvent.Complete"/>.</summary>
    Complete,

    /// <summary>See <see cref="LifecycleEvent.Fail"/>.</summary>
    Fail,

    /// <summary>See <see cref="LifecycleEvent.Abandon"/>.</summary>
    Abandon,

    /// <summary>See <see cref="LifecycleEvent.Release"/>.</summary>
    Release,

    /// <summary>See <see cref="LifecycleEvent.LeaseExpired"/>.</summary>
    LeaseExpired,

    /// <summary>See <see cref="LifecycleEvent.Shutdown"/>.</summary>
    Shutdown,
}

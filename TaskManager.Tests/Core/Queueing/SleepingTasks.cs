using TaskManager.Queueing;

namespace TaskManager.Tests.Core.Queueing;

/// <summary>A task that is not due yet.</summary>
internal sealed class Sleeper(TaskDefinition definition)
{
    public TaskDefinition Definition => definition;

    public LifecycleStatus Status { get; set; } = new();
}

/// <summary>Treats the due times as the store does: each change of a task is a new status, and each that leaves is noted.</summary>
internal sealed class SleepingTasks
{
    public SleepingTasks() => Due = new DueTimes<Sleeper>(sleeper =>
    {
        Looks++;
        return sleeper.Status;
    });

    public DueTimes<Sleeper> Due { get; }

    /// <summary>Gets how often a status was looked at.</summary>
    public int Looks { get; private set; }

    public Sleeper Add(ClockReading now, double dueAt, DateTimeOffset? runAt = null) => Add(now, TimeSpan.FromSeconds(dueAt), runAt);

    public Sleeper Add(ClockReading now, DateTimeOffset runAt) => Add(now, TimeSpan.MinValue, runAt);

    public Sleeper Add(ClockReading now, TimeSpan dueAt, DateTimeOffset? runAt = null)
    {
        var sleeper = new Sleeper(Definitions.Task(new() { RunAt = runAt }));
        Return(sleeper, now, dueAt);
        return sleeper;
    }

    public void Return(Sleeper sleeper, ClockReading now, double dueAt) => Return(sleeper, now, TimeSpan.FromSeconds(dueAt));

    public void Return(Sleeper sleeper, ClockReading now, TimeSpan dueAt)
    {
        sleeper.Status = new LifecycleStatus { State = TaskState.Scheduled, DueAt = dueAt };
        Due.Add(sleeper, sleeper.Definition, now);
    }

    public void Leave(Sleeper sleeper)
    {
        sleeper.Status = sleeper.Status with { State = TaskState.Paused };
        Due.Left();
    }

    /// <summary>Takes one that is due and moves it on.</summary>
    public Sleeper? TakeDue(ClockReading now)
    {
        Sleeper? taken = Due.TakeDue(now);
        if (taken is not null)
        {
            taken.Status = taken.Status with { State = TaskState.Queued };
            Due.Left();
        }

        return taken;
    }

    /// <summary>Puts one that was taken, but is due by one clock only, where it waits for the other.</summary>
    public void AddAgain(Sleeper sleeper, ClockReading now)
    {
        Due.Left();
        Due.Add(sleeper, sleeper.Definition, now);
    }
}

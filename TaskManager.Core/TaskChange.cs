namespace TaskManager;

/// <summary>One change of one task.</summary>
/// <param name="Record">The task after it.</param>
/// <param name="From">The state before it; <see langword="null"/> for the admission.</param>
/// <param name="At">When it happened.</param>
public readonly record struct TaskChange(TaskRecord Record, TaskState? From, ClockReading At);

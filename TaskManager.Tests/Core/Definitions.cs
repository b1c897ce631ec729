namespace TaskManager.Tests.Core;

/// <summary>Tasks for the tests of the pure rules. Nobody runs them, so their types have neither codec nor handler.</summary>
internal static class Definitions
{
    private static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A reading at which both clocks stand so many seconds after their origins.</summary>
    public static ClockReading At(double seconds) => At(seconds, wall: seconds);

    /// <summary>A reading after the wall clock was set.</summary>
    public static ClockReading At(double seconds, double wall) => new(Origin.AddSeconds(wall), TimeSpan.FromSeconds(seconds));

    public static TaskType Type(Action<TaskTypeOptions>? configure = null, string name = "work")
    {
        var options = new TaskTypeOptions();
        configure?.Invoke(options);
        return new TaskType(name, codec: null!, invoker: null!, options, new TaskManagerOptions());
    }

    public static TaskDefinition Task(SubmitOptions? options = null, TaskType? type = null, long sequence = 1, double createdAt = 0) =>
        new(Guid.Empty, sequence, new TaskSubmission(type ?? Type(), Parameters: null, options ?? SubmitOptions.Default), At(createdAt));
}

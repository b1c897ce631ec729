namespace TaskManager;

/// <summary>What a worker says of itself when it registers.</summary>
/// <param name="WorkerId">Its id, the same at each start: <c>worker-&lt;digits&gt;-&lt;kind&gt;</c> such as <c>worker-001-gpu</c>, at most 64 characters.</param>
/// <param name="Incarnation">Any text made anew at each start, 1 to 128 characters.</param>
/// <param name="TaskTypes">What it runs, 1 to 100 names.</param>
/// <param name="Slots">How many tasks it runs at once, from 1 to 1000; for those who look, it bounds nothing. <see langword="null"/> when it does not say.</param>
/// <param name="Labels">What else it says of itself, at most 20, with keys and values of at most 64 characters.</param>
/// <param name="Faults">What is known to be wrong already, from reading the request; the check adds what else is.</param>
public sealed record WorkerRegistration(
    string WorkerId,
    string Incarnation,
    IReadOnlyList<string> TaskTypes,
    int? Slots = null,
    IReadOnlyDictionary<string, string>? Labels = null,
    ValidationFaults? Faults = null);

namespace TaskManager.Tests.Core.Lifecycle;

/// <summary>
/// Every situation and every event, as docs/lifecycle.md has them. <c>.</c> refused, <c>=</c> repeated, <c>x</c> lease lost; any other word is one of <see cref="Effects"/>.
/// <c>/w</c>: the 30 s in the queue are added to the time waited; <c>/r</c>: the 30 s of running are added to the time run.
/// </summary>
internal static class TransitionTable
{
    private const string Requests = """
        situation            Due     ParentCompleted  ParentFailed  Claim      Pause        Resume           Cancel        Retry

        scheduled            .       .                .             .          held         .                cancelled     .
        scheduled:due        queued  .                .             .          held         .                cancelled     .
        scheduled:resumed    .       .                .             .          held         =                cancelled     .
        scheduled:retried    .       .                .             .          held         .                cancelled     =
        blocked              .       freed            orphaned      .          held         .                cancelled     .
        blocked:two          .       fewer            orphaned      .          held         .                cancelled     .
        blocked:resumed      .       freed            orphaned      .          held         =                cancelled     .
        blocked:retried      .       freed            orphaned      .          held         .                cancelled     =
        queued               .       .                .             claimed/w  held/w       .                cancelled/w   .
        queued:resumed       .       .                .             claimed/w  held/w       =                cancelled/w   .
        queued:retried       .       .                .             claimed/w  held/w       .                cancelled/w   =
        resuming             .       .                .             goes-on/w  held/w       =                woken/w       .
        processing           .       .                .             .          pause-asked  .                cancel-asked  .
        processing:resumed   .       .                .             .          pause-asked  =                cancel-asked  .
        processing:p         .       .                .             .          =            pause-dropped    cancel-asked  .
        processing:c         .       .                .             .          pause-asked  .                =             .
        processing:t         .       .                .             .          pause-asked  .                cancel-asked  .
        processing:pc        .       .                .             .          =            pause-dropped    =             .
        processing:pt        .       .                .             .          =            pause-dropped    cancel-asked  .
        processing:ct        .       .                .             .          pause-asked  .                =             .
        processing:pct       .       .                .             .          =            pause-dropped    =             .
        waiting              .       .                .             .          =            resumed          cancelled     .
        waiting:not-due      .       .                .             .          =            resumed-not-due  cancelled     .
        waiting:parent       .       noted            orphaned      .          =            resumed-blocked  cancelled     .
        suspended            .       .                .             .          =            let-go-on        woken         .
        completed            .       .                .             .          .            .                .             .
        failed               .       .                .             .          .            .                .             reopened
        failed:expired       .       .                .             .          .            .                .             reopened
        timed_out            .       .                .             .          .            .                .             reopened
        cancelled            .       .                .             .          .            .                =             reopened
        cancelled:parent     .       .                .             .          .            .                =             reopened-untried
        """;

    private const string Reports = """
        situation            CheckpointReached  CheckpointSaved  TimeoutElapsed  Complete     Fail                   Abandon                 Release               LeaseExpired         Shutdown

        scheduled            x                  x                x               x            x                      x                       x                     x                    lost
        scheduled:due        x                  x                x               x            x                      x                       x                     x                    lost
        scheduled:resumed    x                  x                x               x            x                      x                       x                     x                    lost
        scheduled:retried    x                  x                x               x            x                      x                       x                     x                    lost
        blocked              x                  x                x               x            x                      x                       x                     x                    lost
        blocked:two          x                  x                x               x            x                      x                       x                     x                    lost
        blocked:resumed      x                  x                x               x            x                      x                       x                     x                    lost
        blocked:retried      x                  x                x               x            x                      x                       x                     x                    lost
        queued               x                  x                x               x            x                      x                       x                     x                    lost/w
        queued:resumed       x                  x                x               x            x                      x                       x                     x                    lost/w
        queued:retried       x                  x                x               x            x                      x                       x                     x                    lost/w
        resuming             .                  kept             .               completed/w  again/w                .                       released/w            rescued/w            cut-off/w
        processing           .                  kept             fired           completed/r  again/r                .                       released/r            rescued/r            cut-off/r
        processing:resumed   .                  kept             fired           completed/r  again/r                .                       released/r            rescued/r            cut-off/r
        processing:p         suspended/r        kept             fired           completed/r  again-held/r           .                       released-held/r       rescued-held/r       cut-off/r
        processing:c         .                  kept             fired           completed/r  cancelled-failed/r     cancelled-abandoned/r   cancelled-released/r  cancelled-expired/r  cut-off/r
        processing:t         .                  kept             =               completed/r  timed-out/r            timed-out-abandoned/r   timed-out/r           rescued/r            cut-off/r
        processing:pc        .                  kept             fired           completed/r  cancelled-failed/r     cancelled-abandoned/r   cancelled-released/r  cancelled-expired/r  cut-off/r
        processing:pt        .                  kept             =               completed/r  timed-out/r            timed-out-abandoned/r   timed-out/r           rescued-held/r       cut-off/r
        processing:ct        .                  kept             =               completed/r  cancelled-failed/r     cancelled-abandoned/r   cancelled-released/r  cancelled-expired/r  cut-off/r
        processing:pct       .                  kept             =               completed/r  cancelled-failed/r     cancelled-abandoned/r   cancelled-released/r  cancelled-expired/r  cut-off/r
        waiting              x                  x                x               x            x                      x                       x                     x                    lost
        waiting:not-due      x                  x                x               x            x                      x                       x                     x                    lost
        waiting:parent       x                  x                x               x            x                      x                       x                     x                    lost
        suspended            =                  kept             .               completed    again-held             .                       released-held         rescued-held         cut-off
        completed            x                  x                x               =            x                      x                       x                     x                    .
        failed               x                  x                x               x            x                      x                       x                     x                    .
        failed:expired       x                  x                x               x            x                      x                       x                     x                    .
        timed_out            x                  x                x               x            x                      x                       x                     x                    .
        cancelled            x                  x                x               x            x                      x                       x                     x                    .
        cancelled:parent     x                  x                x               x            x                      x                       x                     x                    .
        """;

    public static IEnumerable<(string Situation, LifecycleEventKind Kind, string Cell)> Cells => Read(Requests).Concat(Read(Reports));

    private static IEnumerable<(string Situation, LifecycleEventKind Kind, string Cell)> Read(string table)
    {
        string[][] lines = [.. table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        return
            from line in lines.Skip(1)
            from column in Enumerable.Range(1, lines[0].Length - 1)
            select (line[0], Enum.Parse<LifecycleEventKind>(lines[0][column]), line[column]);
    }
}

using System.Globalization;

namespace TaskManager.Tests.Proof;

/// <summary>
/// How much is tried. The normal run is small and the same every time; the long one (<c>./run.sh test --all</c>, or <c>TASKMANAGER_PROOF=all</c>) is large and draws
/// new seeds. <c>TASKMANAGER_SEED=17</c> plays one seed again, at whichever size.
/// </summary>
internal static class ProofSize
{
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("TASKMANAGER_PROOF") == "all";

    /// <summary>Gets the bound that only detects a hang; a long run has more to do in one go.</summary>
    public static TimeSpan Patience { get; } = IsLong ? TimeSpan.FromMinutes(30) : TimeSpan.FromMinutes(2);

    private static int? OnlySeed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("TASKMANAGER_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out int seed) ? seed : null;

    public static int Of(int normal, int all) => IsLong ? all : normal;

    /// <summary>Gives the seeds of as many runs; the one to play again, if one is named.</summary>
    public static IEnumerable<int> Seeds(int count)
    {
        int first = IsLong ? Random.Shared.Next(1_000_000_000) : 1;
        return OnlySeed is { } only ? [only] : Enumerable.Range(first, count);
    }

    /// <summary>Gives one seed, and notes it in the output, so that a failure can be played again.</summary>
    public static int Seed()
    {
        int seed = Seeds(1).Single();
        TestContext.Current.TestOutputHelper?.WriteLine($"TASKMANAGER_SEED={seed}");
        return seed;
    }

    public static Task WithPatience(this Task task) => task.WaitAsync(Patience, TimeProvider.System);

    public static Task<T> WithPatience<T>(this Task<T> task) => task.WaitAsync(Patience, TimeProvider.System);
}

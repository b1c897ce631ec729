namespace TaskManager.Benchmarks.Report;

/// <summary>Lets contenders take turns, A B A B …, so that what happens to the machine meanwhile happens to all of them.</summary>
internal static class Interleaved
{
    /// <summary>Measures each contender once a round.</summary>
    /// <returns>For each contender, what came of each round.</returns>
    public static async Task<IReadOnlyList<T>[]> RunAsync<T>(int rounds, params Func<Task<T>>[] contenders)
    {
        List<T>[] results = [.. contenders.Select(_ => new List<T>(rounds))];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                results[i].Add(await contenders[i]());
            }
        }

        return results;
    }

    public static Series Of<T>(this IEnumerable<T> rounds, Func<T, double> figure) => new([.. rounds.Select(figure)]);
}

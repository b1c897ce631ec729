namespace TaskManager.Admission;

/// <summary>The known name with the smallest edit distance (Levenshtein, 1966) to a mistyped one.</summary>
internal static class NearestName
{
    private const int LongestCompared = 64;

    public static string? Find(string mistyped, IEnumerable<string> known)
    {
        if (mistyped.Length > LongestCompared)
        {
            return null;
        }

        (string? nearest, int distance) = (null, int.MaxValue);
        foreach (string candidate in known)
        {
            int edits = Distance(mistyped.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (edits < distance)
            {
                (nearest, distance) = (candidate, edits);
            }
        }

        return nearest is not null && distance <= Math.Max(2, nearest.Length / 3) ? nearest : null;
    }

    private static int Distance(string from, string to)
    {
        int[] previous = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int[] current = new int[to.Length + 1];
            current[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int substituted = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(substituted, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[to.Length];
    }
}

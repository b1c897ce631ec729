using TaskManager.Admission;

namespace TaskManager.Tests.Core.Admission;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("compute_sum", "compute_sum")]
    [InlineData("compute_sun", "compute_sum")] // one letter is another
    [InlineData("compute_sm", "compute_sum")] // one is missing
    [InlineData("computee_sum", "compute_sum")] // one is too many
    [InlineData("COMPUTE_SUM", "compute_sum")] // how it is written does not count
    [InlineData("Fob", "fib")]
    [InlineData("fbi", "fib")] // two that changed places are two edits
    [InlineData("computer_sums", "compute_sum")]
    [InlineData("vido_processng", "video_processing")]
    public void Find_MistypedName_IsTheOneThatWasMeant(string mistyped, string expected) => Assert.Equal(expected, Find(mistyped));

    [Theory]
    [InlineData("add", "fib", 3, false)] // short names may differ by two
    [InlineData("fib", "fibxy", 2, true)]
    [InlineData("abc", "abcdef", 3, false)]
    [InlineData("abcdefxyz", "abcdefghi", 3, true)] // longer ones by a third of their length
    [InlineData("abcdewxyz", "abcdefghi", 4, false)]
    [InlineData("abcdefghijkl", "abcdefghwxyz", 4, true)]
    [InlineData("", "ab", 2, true)]
    [InlineData("", "abc", 3, false)]
    public void Find_Distance_CountsUpToAThirdOfTheNameOrTwo(string mistyped, string known, int edits, bool isNear)
    {
        Assert.Equal(isNear ? known : null, NearestName.Find(mistyped, [known]));
        Assert.Equal(edits, NaiveDistance(mistyped, known));
    }

    [Fact]
    public void Find_SeveralAreNear_IsTheNearestAndOfEquallyNearOnesTheFirst()
    {
        Assert.Equal("abcd", NearestName.Find("abcx", ["abxy", "abcd", "abce", "ab"]));
        Assert.Equal("abc", NearestName.Find("abc", ["abcd", "abc", "ab"]));
    }

    [Fact]
    public void Find_NoNamesAreKnown_IsNone() => Assert.Null(NearestName.Find("name", []));

    [Fact]
    public void Find_EndlessName_IsNotCompared()
    {
        string name = new('a', 64);
        Assert.Equal(name, NearestName.Find(name, [name]));
        Assert.Null(NearestName.Find(name + "a", [name]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Find_RandomNames_AgreesWithTheDefinition(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 2_000; i++)
        {
            string mistyped = Word(random);
            string[] known = [Word(random), Word(random)];
            int[] distances = [.. known.Select(name => NaiveDistance(mistyped, name))];
            string nearest = distances[1] < distances[0] ? known[1] : known[0];
            string? expected = distances.Min() <= Math.Max(2, nearest.Length / 3) ? nearest : null;

            Assert.Equal(expected, NearestName.Find(mistyped, known));
        }
    }

    private static string? Find(string mistyped) => NearestName.Find(mistyped, ["add", "compute_sum", "data_processing", "fib", "video_processing"]);

    private static string Word(Random random) => new([.. Enumerable.Range(0, random.Next(7)).Select(_ => "abc"[random.Next(3)])]);

    // Levenshtein's definition, by recursion over the ends of both.
    private static int NaiveDistance(string from, string to)
    {
        var known = new Dictionary<(int, int), int>();
        return Distance(from.Length, to.Length);

        int Distance(int i, int j)
        {
            if (i == 0 || j == 0)
            {
                return i + j;
            }

            if (!known.TryGetValue((i, j), out int distance))
            {
                int replaced = Distance(i - 1, j - 1) + (from[i - 1] == to[j - 1] ? 0 : 1);
                distance = Math.Min(replaced, 1 + Math.Min(Distance(i - 1, j), Distance(i, j - 1)));
                known.Add((i, j), distance);
            }

            return distance;
        }
    }
}

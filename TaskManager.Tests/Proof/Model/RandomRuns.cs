using System.Globalization;

namespace TaskManager.Tests.Proof.Model;

/// <summary>Plays sequences of commands, and leaves out of one that fails whatever the failure does not need.</summary>
internal static class RandomRuns
{
    /// <summary>Plays one sequence a seed.</summary>
    /// <param name="runs">How many seeds.</param>
    /// <param name="draw">Gives the sequence of a seed.</param>
    /// <param name="play">Plays a sequence; throws at the first step that is not as it should be.</param>
    public static async Task PlayAsync(int runs, Func<int, List<Command>> draw, Func<IReadOnlyList<Command>, Task> play)
    {
        foreach (int seed in ProofSize.Seeds(runs))
        {
            List<Command> commands = draw(seed);
            if (await FailureAsync(play, commands) is not { } failure)
            {
                continue;
            }

            // A hang costs all its patience at each try, so it is told as it is.
            List<Command> needed = failure is TimeoutException ? commands : await ShrinkAsync(commands, play);
            failure = await FailureAsync(play, needed) ?? failure;
            Assert.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"TASKMANAGER_SEED={seed} plays it again. {needed.Count} of {commands.Count} commands are needed:\n[\n    {string.Join(",\n    ", needed)}\n]\n{failure}"));
        }
    }

    private static async Task<List<Command>> ShrinkAsync(List<Command> commands, Func<IReadOnlyList<Command>, Task> play)
    {
        for (int length = commands.Count; length > 0; length = Math.Min(length / 2, commands.Count))
        {
            for (int start = 0; start + length <= commands.Count;)
            {
                List<Command> fewer = [.. commands[..start], .. commands[(start + length)..]];
                if (await FailureAsync(play, fewer) is null or TimeoutException)
                {
                    start += length;
                }
                else
                {
                    commands = fewer;
                }
            }
        }

        return commands;
    }

    private static async Task<Exception?> FailureAsync(Func<IReadOnlyList<Command>, Task> play, IReadOnlyList<Command> commands)
    {
        try
        {
            await play(commands);
            return null;
        }
        catch (Exception failure) // whatever it is, the seed belongs beside it
        {
            return failure;
        }
    }
}

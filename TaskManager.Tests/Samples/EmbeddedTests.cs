namespace TaskManager.Tests.Samples;

/// <summary>Runs the console program around the library, and reads what it says.</summary>
public sealed class EmbeddedTests
{
    [Fact]
    public async Task Run_ToItsEnd_SaysWhatItPromises()
    {
        string folder = Repository.PathOf("samples", "Embedded", "bin", Repository.Configuration, "net10.0");
        (int exitCode, string output) = await Command.RunAsync(folder, "dotnet", "Embedded.dll");
        Assert.True(exitCode == 0, output);
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal("The book has 10 words.", lines[0]);
        Assert.Equal(["  queued", "  processing"], lines[1..3].Select(line => line.ToLowerInvariant()));
        int completed = Array.FindIndex(lines, line => line.Equals("  completed", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("  100 %", lines[3..completed]);
        Assert.Contains("  \"Counted 3 words\"", lines[3..completed]);
        Assert.Matches("^Held at [0-9.]+ %\\.$", lines[completed + 1]);
        Assert.Equal(["Completed: 300 words, attempt 1.", "Cancelled.", "It worked at attempt 3."], lines[(completed + 2)..]);
    }
}

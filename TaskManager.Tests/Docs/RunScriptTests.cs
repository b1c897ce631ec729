using System.Text.RegularExpressions;

namespace TaskManager.Tests.Docs;

[Trait("Proof", "readme")]
public sealed partial class RunScriptTests
{
    [Fact]
    public async Task Help_NamesExactlyTheCommandsThatThereAre()
    {
        (int exitCode, string help) = await Command.RunAsync(Repository.Root, "bash", "run.sh", "help");
        string script = Repository.Read("run.sh");
        string cases = script[script.LastIndexOf("case \"$command\" in", StringComparison.Ordinal)..];

        Assert.Equal(0, exitCode);
        Assert.Equal(
            UsagePattern().Matches(help).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal),
            CasePattern().Matches(cases).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task UnknownCommand_IsRefusedWithTheUsage()
    {
        (int exitCode, string output) = await Command.RunAsync(Repository.Root, "bash", "run.sh", "serve");

        Assert.Equal(2, exitCode);
        Assert.StartsWith("usage: ./run.sh [command]", output, StringComparison.Ordinal);
    }

    // A command stands two spaces in; what goes on about it, further.
    [GeneratedRegex("^  (?<name>[a-z]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UsagePattern();

    [GeneratedRegex(@"^  (?<name>[a-z]+)( \| [^)]+)?\)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CasePattern();
}

using System.Runtime.Versioning;
using TaskManager.Tests.Api;

namespace TaskManager.Tests.Docs;

/// <summary><c>./run.sh</c> as a newcomer types it, but for the build, which would write where other tests run from.</summary>
[UnsupportedOSPlatform("windows")] // the script is a shell's
[Trait("Proof", "readme")]
public sealed class RunScriptDevTests : IDisposable
{
    private readonly string _programs = Directory.CreateTempSubdirectory("taskmanager-programs-").FullName;

    public void Dispose() => Directory.Delete(_programs, recursive: true);

    [Fact]
    public async Task Dev_ServesAndIsReady()
    {
        string path = Environment.GetEnvironmentVariable("PATH")!;
        string dotnet = path.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "dotnet")).First(File.Exists);
        string standIn = Path.Combine(_programs, "dotnet");
        await File.WriteAllTextAsync(standIn, $$"""
            #!/usr/bin/env bash
            case "$1" in
              build) echo "dotnet $*" ;;
              *) exec '{{dotnet}}' "${@/bin\/Release/bin\/{{Repository.Configuration}}}" ;;
            esac

            """, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(standIn, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await using HostProcess host = await HostProcess.StartAsync(["bash", Repository.PathOf("run.sh"), "dev"], [("PATH", $"{_programs}{Path.PathSeparator}{path}")], "--TaskManager:MaxConcurrency=3");

        await Patience.UntilAsync(() => host.Lines.Contains("dotnet build TaskManager.Api --configuration Release --nologo --verbosity quiet")); // by the other pipe
        (await host.GetAsync("/ready")).Is(200);
        Assert.Equal(3, (await host.GetAsync("/workers/internal/status")).Is(200).Member("slots").GetInt32());
        await host.TerminateAsync(); // reaches the host itself
        Assert.Equal(0, await host.ExitAsync());
    }
}

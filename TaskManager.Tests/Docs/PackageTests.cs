using System.IO.Compression;

namespace TaskManager.Tests.Docs;

/// <summary>Makes the packages, and uses them as somebody would who has nothing else: the snippets of the README, in empty projects.</summary>
[Trait("Proof", "readme")]
public sealed class PackageTests(PackageTests.Packages packages) : IClassFixture<PackageTests.Packages>
{
    [Theory]
    [InlineData("TaskManager.Core")]
    [InlineData("TaskManager.AspNetCore")]
    public void Package_HoldsReadmeDocumentationSymbolsAndLicence(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(packages.PathOf(id, "nupkg"));
        using var manifest = new StreamReader(package.GetEntry($"{id}.nuspec")!.Open());
        string nuspec = manifest.ReadToEnd();

        Assert.Contains(package.Entries, entry => entry.FullName == "README.md");
        Assert.Contains(package.Entries, entry => entry.FullName == $"lib/net10.0/{id}.dll");
        Assert.Contains(package.Entries, entry => entry.FullName == $"lib/net10.0/{id}.xml");
        Assert.Contains("<license type=\"expression\">MIT</license>", nuspec, StringComparison.Ordinal);
        Assert.Contains("<readme>README.md</readme>", nuspec, StringComparison.Ordinal);
        using ZipArchive symbols = ZipFile.OpenRead(packages.PathOf(id, "snupkg"));
        Assert.Contains(symbols.Entries, entry => entry.FullName == $"lib/net10.0/{id}.pdb");
    }

    [Fact]
    public async Task Readme_ConsoleSnippet_RunsInAnEmptyProgram()
    {
        string folder = packages.NewProject("console", "Microsoft.NET.Sdk", "TaskManager.Core", ReadmeSnippet(0));

        (int exitCode, string output) = await Command.RunAsync(folder, "dotnet", "run");

        Assert.True(exitCode == 0, output);
        Assert.Equal("intro.mp4", output.Trim());
    }

    [Fact]
    public async Task Readme_WebSnippet_CompilesInAnEmptyProgram()
    {
        string folder = packages.NewProject("web", "Microsoft.NET.Sdk.Web", "TaskManager.AspNetCore", ReadmeSnippet(1));

        (int exitCode, string output) = await Command.RunAsync(folder, "dotnet", "build");

        Assert.True(exitCode == 0, output);
    }

    private static string ReadmeSnippet(int index) => Markdown.Blocks(Repository.Read("README.md"), "csharp")[index];

    public sealed class Packages : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("taskmanager-packages-").FullName;
        private readonly string _version = $"0.0.1-test.{Guid.NewGuid():N}";

        public string PathOf(string id, string extension) => Path.Combine(_folder, $"{id}.{_version}.{extension}");

        public async ValueTask InitializeAsync()
        {
            // Into a folder of its own, and of what is built already: other tests run from it meanwhile.
            (int exitCode, string output) = await Command.RunAsync(
                Repository.Root, "bash", "run.sh", "pack", "--output", _folder, "--no-build", $"-p:Configuration={Repository.Configuration}", $"-p:PackageVersion={_version}");
            Assert.True(exitCode == 0, output);
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            return ValueTask.CompletedTask;
        }

        public string NewProject(string name, string sdk, string package, string program)
        {
            string folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
            string user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            File.WriteAllText(Path.Combine(folder, $"{name}.csproj"), $"""
                <Project Sdk="{sdk}">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <Nullable>enable</Nullable>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <NoWarn>NU1603</NoWarn>
                    <NuGetAudit>false</NuGetAudit>
                    <RestoreAdditionalProjectSources>{_folder}</RestoreAdditionalProjectSources>
                    <RestorePackagesPath>{_folder}/packages</RestorePackagesPath>
                    <RestoreFallbackFolders>{user}/.nuget/packages</RestoreFallbackFolders>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="{package}" Version="{_version}" />
                    {(sdk.EndsWith("Web", StringComparison.Ordinal) ? string.Empty : "<PackageReference Include=\"Microsoft.Extensions.DependencyInjection\" Version=\"10.0.14\" />")}
                  </ItemGroup>
                </Project>
                """);
            File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
            return folder;
        }
    }
}

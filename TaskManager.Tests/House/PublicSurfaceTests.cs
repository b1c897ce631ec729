using System.Reflection;
using System.Runtime.CompilerServices;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.House;

[Trait("Proof", "house")]
public sealed class PublicSurfaceTests
{
    public static TheoryData<string> Assemblies => ["TaskManager.Core", "TaskManager.AspNetCore"];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Exported_members_are_those_of_the_ledger(string assembly)
    {
        string ledger = Repository.PathOf("TaskManager.Tests", $"PublicApi.{assembly}.txt");
        IReadOnlyList<string> surface = PublicSurface.Of(Load(assembly));
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1")
        {
            File.WriteAllLines(ledger, surface);
        }

        // A changed line is a decision: run the tests once with UPDATE_PUBLIC_API=1 and look at the diff.
        Assert.Equal(File.ReadAllLines(ledger), surface);
    }

    [Fact]
    public void Exported_types_of_the_core_all_live_at_the_root() =>
        Assert.All(typeof(ITaskManager).Assembly.GetExportedTypes(), type => Assert.Equal("TaskManager", type.Namespace));

    [Fact]
    public void Exported_types_of_the_http_surface_all_live_at_its_root() =>
        Assert.All(typeof(TaskManagerEndpoints).Assembly.GetExportedTypes(), type => Assert.Equal("TaskManager.AspNetCore", type.Namespace));

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Internal_types_are_sealed_or_meant_to_be_derived_from(string assembly)
    {
        string[] open = [.. Load(assembly).GetTypes()
            .Where(type => type is { IsPublic: false, IsNestedPublic: false, IsClass: true, IsAbstract: false, IsSealed: false })
            .Where(type => type.GetCustomAttribute<CompilerGeneratedAttribute>() is null)
            .Select(type => type.FullName!)];

        Assert.Empty(open);
    }

    private static Assembly Load(string name) => name == "TaskManager.Core" ? typeof(ITaskManager).Assembly : typeof(TaskManagerEndpoints).Assembly;
}

namespace TaskManager.Benchmarks;

/// <summary>The checkout that this program was built from.</summary>
internal static class Checkout
{
    // The program lies in TaskManager.Benchmarks/bin/<configuration>/<framework>/.
    private static readonly DirectoryInfo Output = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    public static string PathOf(params string[] parts) => Path.Combine([Output.Parent!.Parent!.Parent!.Parent!.FullName, .. parts]);

    /// <summary>Gets what another project was built to, in the same configuration.</summary>
    public static string OutputOf(string project) => PathOf(project, "bin", Output.Parent!.Name, Output.Name, $"{project}.dll");
}

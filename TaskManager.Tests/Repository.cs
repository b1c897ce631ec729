using System.Runtime.CompilerServices;

namespace TaskManager.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
#if DEBUG
    public const string Configuration = "Debug";
#else
    public const string Configuration = "Release";
#endif

    public static string Root => Path.GetDirectoryName(Path.GetDirectoryName(ThisFile()))!;

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Read(params string[] parts) => File.ReadAllText(PathOf(parts));

    private static string ThisFile([CallerFilePath] string file = "") => file;
}

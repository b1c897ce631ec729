namespace TaskManager.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
#if DEBUG
    public const string Configuration = "Debug";
#else
    public const string Configuration = "Release";
#endif

    // From the folder of the tests, not from the compiler's path of this file: a deterministic build maps that one to "/_/".
    public static string Root { get; } = FolderOf("TaskManager.sln", AppContext.BaseDirectory);

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Read(params string[] parts) => File.ReadAllText(PathOf(parts));

    private static string FolderOf(string file, string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, file)))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {start} holds {file}.");
    }
}

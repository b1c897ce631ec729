using System.Globalization;
using System.Reflection;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.Docs;

/// <summary>Holds the table of the bounds that nobody can set to the constants that they are.</summary>
[Trait("Proof", "readme")]
public sealed class FixedBoundTests
{
    private static readonly Dictionary<string, long> Units = new(StringComparer.Ordinal) { ["KiB"] = 1024, ["MiB"] = 1024 * 1024 };

    public static TheoryData<string, string> Rows =>
        [.. Markdown.Table(Repository.Read("docs", "architecture.md"), "fixed bound").Select(row => (Markdown.Code(row[3])[0], row[1]))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Bound_InTheTable_IsTheConstant(string constant, string value)
    {
        string[] name = constant.Split('.');
        Type type = Assert.Single(
            ((Assembly[])[typeof(TaskRecord).Assembly, typeof(TaskManagerHttpOptions).Assembly]).SelectMany(assembly => assembly.GetTypes()), type => type.Name == name[0] && !type.IsNested);
        FieldInfo? field = type.GetField(name[1], BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic);

        Assert.True(field is { IsLiteral: true }, $"There is no constant {constant}.");
        string[] said = value.Split(' ');
        long number = long.Parse(said[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture) * (said.Length > 1 ? Units[said[1]] : 1);
        Assert.Equal(Convert.ToInt64(field!.GetRawConstantValue(), CultureInfo.InvariantCulture), number);
    }
}

using System.Reflection;
using System.Reflection.Emit;

namespace TaskManager.Tests.House;

/// <summary>Holds the table of what each folder of the core may know. The root may know everything: it is where users begin.</summary>
[Trait("Proof", "house")]
public sealed class ImportTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Lifecycle"] = [],
        ["Queueing"] = [],
        ["Signals"] = [],
        ["Diagnostics"] = [],
        ["Types"] = [],
        ["Admission"] = ["Types", "Signals", "Diagnostics"], // submissions wait for room
        ["Storage"] = ["Lifecycle", "Queueing"],
        ["Execution"] = ["Types", "Lifecycle", "Signals", "Diagnostics"],
        ["Workers"] = ["Types", "Queueing", "Execution", "Lifecycle", "Signals", "Diagnostics"],
        ["Retention"] = ["Diagnostics"],
        ["Engine"] = ["Types", "Admission", "Storage", "Queueing", "Execution", "Workers", "Lifecycle", "Signals", "Retention", "Diagnostics"],
    };

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    [Fact]
    public void Folders_import_only_what_the_table_allows()
    {
        string[] broken = [.. typeof(ITaskManager).Assembly.GetTypes()
            .SelectMany(type => TypesUsedBy(type).Select(used => (From: FolderOf(type), To: FolderOf(used), Type: type, Used: used)))
            .Where(import => import.From is not null && import.To is not null && import.From != import.To && !Allowed[import.From].Contains(import.To))
            .Select(import => $"{import.From} → {import.To}: {import.Type.FullName} uses {import.Used.FullName}")
            .Distinct()];

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_folder_stands_in_the_table() =>
        Assert.Equal(Allowed.Keys.Order(), typeof(ITaskManager).Assembly.GetTypes().Select(FolderOf).OfType<string>().Distinct().Order());

    [Fact]
    public void Conformance_suite_knows_nothing_of_the_product() =>
        Assert.DoesNotContain(
            typeof(Conformance.WireTest).Assembly.GetTypes().Where(type => type.Namespace == typeof(Conformance.WireTest).Namespace).SelectMany(TypesUsedBy),
            used => used.Assembly != typeof(ImportTests).Assembly && used.Assembly.GetName().Name!.StartsWith("TaskManager", StringComparison.Ordinal));

    private static string? FolderOf(Type type) =>
        type.Assembly == typeof(ITaskManager).Assembly && type.Namespace is { } name && name.StartsWith("TaskManager.", StringComparison.Ordinal) ? name["TaskManager.".Length..] : null;

    private static IEnumerable<Type> TypesUsedBy(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<Type> signatures = [
            .. type.GetInterfaces(),
            .. type.BaseType is null ? [] : new[] { type.BaseType },
            .. type.GetFields(Declared).Select(field => field.FieldType),
            .. type.GetMethods(Declared).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)),
        ];
        IEnumerable<MethodBase> methods = [.. type.GetMethods(Declared), .. type.GetConstructors(Declared)];
        return signatures.Concat(methods.SelectMany(TypesInBody)).SelectMany(Parts).Distinct();
    }

    private static IEnumerable<Type> TypesInBody(MethodBase method)
    {
        byte[] il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[] typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : [];
        Type[] methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (int at = 0; at < il.Length;)
        {
            short value = il[at] == 0xFE ? (short)(0xFE00 | il[at + 1]) : il[at];
            OpCode code = OpCodesByValue[value];
            at += code.Size;
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineField or OperandType.InlineTok)
            {
                MemberInfo? member = method.Module.ResolveMember(BitConverter.ToInt32(il, at), typeArguments, methodArguments);
                if ((member as Type ?? member?.DeclaringType) is { } used)
                {
                    yield return used;
                }
            }

            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];
}

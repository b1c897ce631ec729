using System.Reflection;
using System.Text;

namespace TaskManager.Tests.House;

/// <summary>Prints everything that an assembly exports, a line a member, so that a change of it is seen in a diff.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes().SelectMany(LinesOf).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> LinesOf(Type type)
    {
        string name = NameOf(type);
        yield return $"{name} : {KindOf(type)}";
        if (type.IsEnum)
        {
            foreach (FieldInfo value in type.GetFields(BindingFlags.Public | BindingFlags.Static))
            {
                yield return $"{name}.{value.Name} = {Convert.ToInt64(value.GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture)}";
            }

            yield break;
        }

        foreach (MemberInfo member in type.GetMembers(Declared).Where(IsVisible))
        {
            yield return $"{name}.{LineOf(member)}";
        }
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodInfo { IsSpecialName: true } or Type => false,
        MethodInfo method => IsVisible(method) && !IsRecordPlumbing(method),
        ConstructorInfo constructor => IsVisible(constructor),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible) && property.Name != "EqualityContract",
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        EventInfo @event => IsVisible(@event.AddMethod!),
        _ => false,
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    // What the compiler writes for every record says nothing about it.
    private static bool IsRecordPlumbing(MethodInfo method) => method.Name is "<Clone>$" or "PrintMembers" or "Equals" or "GetHashCode" or "ToString" or "Deconstruct";

    private static string LineOf(MemberInfo member) => member switch
    {
        MethodInfo method => $"{method.Name}{GenericsOf(method)}({ParametersOf(method)}) : {NameOf(method.ReturnType)}",
        ConstructorInfo constructor => $"new({ParametersOf(constructor)})",
        PropertyInfo property => $"{property.Name} {{ {AccessorsOf(property)} }} : {NameOf(property.PropertyType)}",
        FieldInfo field => $"{field.Name} : {(field.IsLiteral ? "const " : string.Empty)}{NameOf(field.FieldType)}",
        EventInfo @event => $"{@event.Name} : event {NameOf(@event.EventHandlerType!)}",
        _ => member.Name,
    };

    private static string AccessorsOf(PropertyInfo property)
    {
        var text = new StringBuilder();
        if (property.GetMethod is { } getter && IsVisible(getter))
        {
            text.Append("get; ");
        }

        if (property.SetMethod is { } setter && IsVisible(setter))
        {
            bool isInit = setter.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit");
            text.Append(isInit ? "init; " : "set; ");
        }

        return text.ToString().TrimEnd();
    }

    private static string ParametersOf(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter => $"{NameOf(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = " + (parameter.DefaultValue ?? "default") : string.Empty)}"));

    private static string GenericsOf(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : string.Empty;

    private static string KindOf(Type type) =>
        type.IsInterface ? "interface"
        : type.IsEnum ? "enum"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "class";

    private static string NameOf(Type type)
    {
        if (type.IsByRef)
        {
            return $"ref {NameOf(type.GetElementType()!)}";
        }

        if (type.IsArray)
        {
            return $"{NameOf(type.GetElementType()!)}[]";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        string name = type.IsNested ? $"{NameOf(type.DeclaringType!)}+{type.Name}" : type.Namespace?.StartsWith("TaskManager", StringComparison.Ordinal) == true ? $"{type.Namespace}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : name;
    }
}

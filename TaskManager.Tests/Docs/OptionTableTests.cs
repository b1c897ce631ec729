using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.Extensions.Options;
using TaskManager.Admission;
using TaskManager.Api.Samples;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.Docs;

/// <summary>Holds the README's table of options, and the documentation of the options themselves, to what the code does.</summary>
[Trait("Proof", "readme")]
public sealed class OptionTableTests
{
    private static readonly Row[] Rows = ReadRows();

    public static TheoryData<string, string> Quantities => [.. OptionProperties().Where(option => option.Property.PropertyType != typeof(bool)).Select(option => (option.Section, option.Property.Name))];

    [Fact]
    public void Keys_OfTheTable_AreAllOptions()
    {
        JsonElement settings = JsonElement.Parse(Repository.Read("TaskManager.Api", "appsettings.json"));
        IEnumerable<string> known = OptionProperties().Select(option => $"{option.Section}:{option.Property.Name}")
            .Concat(settings.EnumerateObject().Where(section => section.Name != "Logging").SelectMany(KeysOf))
            .Distinct();

        Assert.Equal(known.Order(StringComparer.Ordinal), Rows.Select(row => row.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Defaults_OfTheTable_AreThoseOfTheOptions() =>
        Assert.All(OptionProperties(), option => Assert.Equal(
            Text(option.Property.GetValue(Activator.CreateInstance(option.Property.DeclaringType!))!), RowOf(option.Section, option.Property.Name).Default));

    [Fact]
    public void Defaults_OfTheTable_AreThoseOfTheHostsSettings()
    {
        JsonElement settings = JsonElement.Parse(Repository.Read("TaskManager.Api", "appsettings.json"));

        Assert.All(settings.EnumerateObject().Where(section => section.Name != "Logging").SelectMany(KeysOf), key => Assert.Equal(
            Text(key.Split(':').Where(part => part.Length > 0).Aggregate(settings, (value, name) => value.GetProperty(name))), Rows.Single(row => row.Key == key).Default));
    }

    [Theory]
    [MemberData(nameof(Quantities))]
    public void Range_OfAnOption_IsWhatIsAcceptedAndNoMore(string section, string name)
    {
        PropertyInfo property = OptionProperties().Single(option => option.Section == section && option.Property.Name == name).Property;
        (decimal least, decimal most) = OptionRange.Read(RowOf(section, name).Range) ?? throw new InvalidOperationException($"The row of {name} has no range.");

        Assert.Empty(FailuresWith(property, least));
        Assert.Empty(FailuresWith(property, most));
        Assert.Contains($"{section}:{name} ", FailuresWith(property, least - 1), StringComparison.Ordinal);
        Assert.Contains($"{section}:{name} ", FailuresWith(property, most + 1), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Quantities))]
    public void Documentation_OfAnOption_SaysRangeAndDefault(string section, string name)
    {
        PropertyInfo property = OptionProperties().Single(option => option.Section == section && option.Property.Name == name).Property;
        string file = Path.ChangeExtension(property.DeclaringType!.Assembly.Location, ".xml");
        string value = XDocument.Load(file).Descendants("member").Single(member => member.Attribute("name")!.Value == $"P:{property.DeclaringType.FullName}.{name}").Element("value")!.Value;

        Assert.Equal(OptionRange.Read(RowOf(section, name).Range), OptionRange.Read(value));
        Assert.Equal(OptionRange.Of(property.GetValue(Activator.CreateInstance(property.DeclaringType))!), OptionRange.ReadDefault(value));
    }

    private static IEnumerable<(string Section, PropertyInfo Property)> OptionProperties() =>
    [
        .. OptionsOf<TaskManagerOptions>(TaskManagerOptions.SectionName),
        .. OptionsOf<RateLimitOptions>(RateLimitOptions.SectionName),
        .. OptionsOf<SampleTasksOptions>(SampleTasksOptions.SectionName),
    ];

    // Those that can be written into a file of settings.
    private static IEnumerable<(string Section, PropertyInfo Property)> OptionsOf<T>(string section) =>
        typeof(T).GetProperties().Where(property => property.PropertyType.IsValueType).Select(property => (section, property));

    private static string FailuresWith(PropertyInfo property, decimal quantity)
    {
        object options = Activator.CreateInstance(property.DeclaringType!)!;
        property.SetValue(options, OptionRange.To(property.PropertyType, quantity));
        if (options is TaskManagerOptions tasks)
        {
            return new TaskManagerOptionsValidator().Validate(name: null, tasks).FailureMessage ?? string.Empty;
        }

        try
        {
            ((RateLimitOptions)options).Validated();
            return string.Empty;
        }
        catch (OptionsValidationException failure)
        {
            return failure.Message;
        }
    }

    private static IEnumerable<string> KeysOf(JsonProperty section) =>
        section.Value.ValueKind == JsonValueKind.Object ? section.Value.EnumerateObject().Select(key => $"{section.Name}:{key.Name}") : [$":{section.Name}"];

    private static string Text(object value) => value switch
    {
        JsonElement { ValueKind: JsonValueKind.Array } array => array.GetArrayLength() == 0 ? "none" : array.ToString(),
        JsonElement { ValueKind: JsonValueKind.True or JsonValueKind.False } flag => flag.GetBoolean() ? "true" : "false",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(format: null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static Row RowOf(string section, string name) => Rows.Single(row => row.Key == $"{section}:{name}");

    private static Row[] ReadRows()
    {
        string section = string.Empty;
        return [.. Markdown.Table(Repository.Read("README.md"), "section").Select(cells =>
        {
            section = cells[0].Length == 0 ? section : cells[0] == "–" ? string.Empty : Markdown.Code(cells[0]).Single();
            return new Row($"{section}:{Markdown.Code(cells[1]).Single()}", cells[2].Trim('`'), cells[3]);
        })];
    }

    private sealed record Row(string Key, string Default, string Range);
}

using System.Text.Json;
using TaskManager.Types;

namespace TaskManager.Tests.Core.Types;

public sealed class ParameterRulesTests
{
    private static readonly JsonSerializerOptions Json = TaskJson.Options(resolver: null);

    [Flags]
    private enum Toppings
    {
        None = 0,
        Cheese = 1,
        Olives = 2,
    }

    private enum Size
    {
        Small,
        VeryLarge,
    }

    [Fact]
    public void Check_EnumValueWithoutAName_IsAFaultWhereverItStands()
    {
        var order = new Order((Size)7, (Size)8, [Size.Small, (Size)9], Toppings.Cheese | Toppings.Olives);

        IReadOnlyDictionary<string, IReadOnlyList<string>> faults = FaultsOf(order);

        Assert.Equal(["parameters.size", "parameters.box", "parameters.others[1]"], faults.Keys);
        Assert.Equal(["must be one of small, very_large, not 7."], faults["parameters.size"]);
    }

    [Fact]
    public void Check_EnumValuesWithNames_AreNone() => Assert.Empty(FaultsOf(new Order(Size.VeryLarge, Box: null, [], Toppings.None)));

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> FaultsOf(Order order)
    {
        var faults = new ValidationFaults();
        ParameterRules.Of(Json.GetTypeInfo(typeof(Order)))!.Check(order, "parameters", faults);
        return faults.ByField();
    }

    private sealed record Order(Size Size, Size? Box, Size[] Others, Toppings Toppings);
}

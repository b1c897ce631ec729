using System.ComponentModel.DataAnnotations;
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
    public void Check_RuleThatThrows_IsAFaultThatSaysWhatIsAllowed_AndHidesNoOther()
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> faults = FaultsOf(new Careless(1e10, 1e10, new string('a', 40) + "!", 0));

        Assert.Equal(["must be from 0 to 100, not 10000000000."], faults["parameters.share"]);
        Assert.Equal(["must be a part."], faults["parameters.part"]);
        Assert.StartsWith("must match ^(a+)+$, not aaa", Assert.Single(faults["parameters.name"]), StringComparison.Ordinal);
        Assert.Equal(["must be from 1 to 9, not 0."], faults["parameters.count"]);
    }

    [Theory]
    [InlineData(false, "its member")]
    [InlineData(true, "its Validate")]
    public void Check_TypeThatThrows_IsAFaultOfTheWhole(bool inValidate, string message)
    {
        var faults = new ValidationFaults();
        var codec = new TaskTypeCodec(Json.GetTypeInfo(typeof(Throwing)), Json.GetTypeInfo(typeof(int)));

        codec.Check(new Throwing(inValidate), "parameters", faults);

        Assert.Equal([message], faults.ByField()["parameters"]);
    }

    [Fact]
    public void Check_ValueThatGoesRoundInACircle_IsCheckedOnce()
    {
        var ring = new Ring { Weight = 0 };
        (ring.Next, ring.Others) = (ring, [ring, new Ring { Weight = 1, Next = ring }, new Ring { Weight = 10 }]);

        Assert.Equal(["parameters.weight", "parameters.others[2].weight"], FaultsOf(ring).Keys);
    }

    [Fact]
    public void Check_ObjectMetByTwoTypes_IsCheckedByTheRulesOfEach()
    {
        var heavy = new HeavyRing { Weight = 1, Extra = 0 };

        Assert.Equal(["parameters.second.extra"], FaultsOf(new Load(heavy, heavy)).Keys);
    }

    [Fact]
    public void Check_SharedPartWithAFaultOfTheWhole_IsNamedWhereverItStands()
    {
        var part = new Refusing();

        Assert.Equal(["parameters.first", "parameters.second"], FaultsOf(new Pair(part, part)).Keys);
    }

    [Fact]
    public void Read_CircleBesideAFaultOfTheShape_EndsAndNamesBoth()
    {
        var faults = new ValidationFaults();
        var codec = new TaskTypeCodec(Json.GetTypeInfo(typeof(Holder)), Json.GetTypeInfo(typeof(int)));

        codec.Read("""{"node":{"weight":0},"count":"x"}"""u8, "parameters", faults);

        Assert.Equal(["parameters.count", "parameters.node.weight"], faults.ByField().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Check_ValueNestedWithoutEnd_SaysSo()
    {
        var outermost = new Ring { Weight = 1 };
        for (int level = 0; level < 100_000; level++)
        {
            outermost = new Ring { Weight = 1, Next = outermost };
        }

        Assert.NotEmpty(FaultsOf(outermost));
        Assert.All(FaultsOf(outermost), fault => Assert.Equal(["must not be nested deeper than 200 levels."], fault.Value));
    }

    [Fact]
    public void Check_EnumValuesWithNames_AreNone() => Assert.Empty(FaultsOf(new Order(Size.VeryLarge, Box: null, [], Toppings.None)));

    [Fact]
    public void Check_RuleDeepInside_IsFoundThroughTypesThatHoldEachOther()
    {
        var inner = new Node(0, Next: null, []);
        var outer = new Node(1, inner, [new KeyValuePair<string, Node>("it", inner)]);

        Assert.Equal(["parameters.next.weight", "parameters.named[0].value.weight"], FaultsOf(outer).Keys);
    }

    [Fact]
    public void Check_MembersWithoutARule_AreNotEvenAsked() => Assert.Equal(["parameters.weight"], FaultsOf(new Guarded(0)).Keys);

    [Fact]
    public void Of_TypeThatHoldsObjectsOfTheFramework_LooksNoFurther() => Assert.Null(ParameterRules.Of(Json.GetTypeInfo(typeof(Job))));

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> FaultsOf<T>(T value)
        where T : notnull
    {
        var faults = new ValidationFaults();
        ParameterRules.Of(Json.GetTypeInfo(typeof(T)))!.Check(value, "parameters", faults);
        return faults.ByField();
    }

    private sealed record Node([property: Range(1, 9)] int Weight, Node? Next, IReadOnlyList<KeyValuePair<string, Node>> Named);

    private sealed record Guarded([property: Range(1, 9)] int Weight)
    {
        public string Name => throw new InvalidOperationException($"Nobody has a rule for the name of what weighs {Weight}.");
    }

    private sealed class HeavyRing : Ring
    {
        [Range(5, 9)]
        public int Extra { get; set; }
    }

    private sealed record Load(Ring First, HeavyRing Second);

    private sealed record Pair([property: Odd] Refusing First, Refusing Second);

    private sealed class Refusing : IValidatableObject
    {
        public Refusing? Next { get; set; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => [new ValidationResult("is not as it should be.")];
    }

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class OddAttribute : ValidationAttribute
    {
        public override bool IsValid(object? value) => false;
    }

    private sealed record Holder(Selfish Node, int Count);

    private sealed class Selfish
    {
        [Range(1, 9)]
        public int Weight { get; set; }

        public Selfish Me => this;
    }

    private class Ring
    {
        [Range(1, 9)]
        public int Weight { get; set; }

        public Ring? Next { get; set; }

        public Ring[] Others { get; set; } = [];
    }

    private sealed record Careless(
        [property: Range(0, 100)] double Share,
        [property: Range(0, 1, ErrorMessage = "must be a part.")] double Part,
        [property: RegularExpression("^(a+)+$", MatchTimeoutInMilliseconds = 1)] string Name,
        [property: Range(1, 9)] int Count);

    private sealed record Throwing(bool InValidate) : IValidatableObject
    {
        [Range(1, 9)]
        public int Weight => InValidate ? 1 : throw new InvalidOperationException("its member");

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => throw new InvalidOperationException("its Validate");
    }

    // The result of a task that has not ended would be waited for.
    private sealed record Job(string Name)
    {
        public TaskCompletionSource<int> Done { get; } = new();
    }

    private sealed record Order(Size Size, Size? Box, Size[] Others, Toppings Toppings);
}

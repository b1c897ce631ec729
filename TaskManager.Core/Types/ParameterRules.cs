using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace TaskManager.Types;

/// <summary>
/// The rules that the parameters' own attributes state (<see cref="ValidationAttribute"/> and <see cref="IValidatableObject"/>), and that the value of an enum
/// has a name; found once when the type is registered. Members are reached through the JSON metadata, so that no reflection is needed and the paths are those
/// of the wire.
/// </summary>
internal sealed class ParameterRules
{
    private readonly List<MemberRules> _members = [];
    private MemberRules[] _ruled = []; // those with a rule of their own, or one somewhere inside
    private readonly JsonTypeInfo _type;
    private readonly bool _isValidatable;
    private readonly Type? _enum;
    private ParameterRules? _items;
    private bool _isStating; // a rule of its own, or one somewhere inside
    private bool _holdsItself; // or something found with it does

    private ParameterRules(JsonTypeInfo type)
    {
        _type = type;
        _enum = EnumOf(type.Type);
        _isValidatable = type.Type.IsAssignableTo(typeof(IValidatableObject));
    }

    /// <summary>Finds the rules of a type.</summary>
    /// <returns><see langword="null"/> when neither it nor anything inside it states one.</returns>
    public static ParameterRules? Of(JsonTypeInfo type)
    {
        var found = new Dictionary<Type, ParameterRules>();
        ParameterRules rules = Find(type, found);
        HashSet<ParameterRules> stating = Stating(found.Values);
        foreach (ParameterRules each in found.Values)
        {
            each._ruled = [.. each._members.Where(member => member.Attributes.Length > 0 || stating.Contains(member.Inner))];
            each._items = each._items is { } items && stating.Contains(items) ? items : null;
            each._isStating = stating.Contains(each);
        }

        bool holdThemselves = HoldThemselves(found.Values);
        foreach (ParameterRules each in found.Values)
        {
            each._holdsItself = holdThemselves;
        }

        return stating.Contains(rules) ? rules : null;
    }

    private IEnumerable<ParameterRules> Inner => _items is null ? _ruled.Select(member => member.Inner) : [_items];

    private bool StatesSomething => _isValidatable || _enum is not null || _members.Any(member => member.Attributes.Length > 0);

    /// <summary>Finds those that state a rule, or hold something that does; types may hold each other.</summary>
    private static HashSet<ParameterRules> Stating(IReadOnlyCollection<ParameterRules> all)
    {
        HashSet<ParameterRules> stating = [.. all.Where(each => each.StatesSomething)];
        int before;
        do
        {
            before = stating.Count;
            stating.UnionWith(all.Where(each => (each._items is { } items && stating.Contains(items)) || each._members.Exists(member => stating.Contains(member.Inner))).ToArray());
        }
        while (stating.Count > before);

        return stating;
    }

    /// <summary>Tells whether there are types that hold each other, or themselves: whether some are left when those are taken away, again and again, that hold none of the rest.</summary>
    private static bool HoldThemselves(Dictionary<Type, ParameterRules>.ValueCollection all)
    {
        var ending = new HashSet<ParameterRules>();
        int before;
        do
        {
            before = ending.Count;
            ending.UnionWith(all.Where(each => each.Inner.All(ending.Contains)).ToArray());
        }
        while (ending.Count > before);

        return ending.Count < all.Count;
    }

    /// <summary>Checks a value against its rules and adds every fault.</summary>
    public void Check(object value, string path, ValidationFaults faults) => Check(value, path, faults, NewWalk());

    private ValueWalk? NewWalk() => _holdsItself ? new ValueWalk() : null;

    private void Check(object value, string path, ValidationFaults faults, ValueWalk? walk)
    {
        if (walk is null)
        {
            CheckHere(value, path, faults, walk);
        }
        else if (walk.IsTooDeep)
        {
            faults.Add(path, string.Create(CultureInfo.InvariantCulture, $"must not be nested deeper than {ValueWalk.MaxDepth} levels."));
        }
        else if (!faults.IsFull && walk.TryEnter(value, this))
        {
            int known = faults.Noted;
            CheckHere(value, path, faults, walk);
            walk.Leave(value, this, isRight: faults.Noted == known);
        }
    }

    private void CheckHere(object value, string path, ValidationFaults faults, ValueWalk? walk)
    {
        if (_enum is not null && !Enum.IsDefined(_enum, value))
        {
            faults.Add(path, $"must be {JsonNames.Of(_enum)}, not {value}.");
        }

        foreach (MemberRules member in _ruled)
        {
            CheckMember(member, member.Property.Get!(value), member.Attributes, value, path, faults, walk);
        }

        if (_items is not null && value is IEnumerable items)
        {
            int index = 0;
            foreach (object? item in items)
            {
                if (item is not null)
                {
                    _items.Check(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), faults, walk);
                }

                index++;
            }
        }

        if (_isValidatable && value is IValidatableObject validatable)
        {
            foreach (ValidationResult failure in validatable.Validate(new ValidationContext(value, path, serviceProvider: null, items: null)))
            {
                string? member = failure.MemberNames.FirstOrDefault();
                string name = _members.FirstOrDefault(candidate => candidate.IsCalled(member))?.Property.Name ?? member ?? string.Empty;
                faults.Add(name.Length == 0 ? path : $"{path}.{name}", failure.ErrorMessage ?? "is invalid.");
            }
        }
    }

    /// <summary>Checks those parts of a value that can be read, where the whole cannot: a fault of its shape shall not hide the others.</summary>
    public void CheckReadable(JsonElement value, string path, ValidationFaults faults)
    {
        foreach (MemberRules member in _ruled.Where(_ => value.ValueKind == JsonValueKind.Object))
        {
            if (!value.TryGetProperty(member.Property.Name, out JsonElement given))
            {
                continue;
            }

            if (JsonFaults.TryRead(given, member.Type, out object? read))
            {
                // Rules that look at the other members have nothing to look at.
                CheckMember(member, read, member.Attributes.Where(attribute => !attribute.RequiresValidationContext), given, path, faults, NewWalk());
            }
            else
            {
                member.Inner.CheckReadable(given, $"{path}.{member.Property.Name}", faults);
            }
        }

        if (_items is null || value.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        int index = 0;
        foreach (JsonElement item in value.EnumerateArray().TakeWhile(_ => !faults.IsFull))
        {
            string itemPath = string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]");
            if (!JsonFaults.TryRead(item, _items._type, out object? read))
            {
                _items.CheckReadable(item, itemPath, faults);
            }
            else if (read is not null)
            {
                _items.Check(read, itemPath, faults);
            }
        }
    }

    private static void CheckMember(
        MemberRules member, object? value, IEnumerable<ValidationAttribute> attributes, object owner, string path, ValidationFaults faults, ValueWalk? walk)
    {
        string memberPath = $"{path}.{member.Property.Name}";
        foreach (ValidationAttribute attribute in attributes)
        {
            if (Judge(attribute, value, new ValidationContext(owner, member.Property.Name, serviceProvider: null, items: null)) is { } failure)
            {
                faults.Add(memberPath, RuleMessages.Describe(attribute, value, failure));
            }
        }

        if (value is not null && member.Inner._isStating)
        {
            member.Inner.Check(value, memberPath, faults, walk);
        }
    }

    // These throw for a value that they should refuse: a range of whole numbers for one beyond them, a pattern when it takes too long.
    private static ValidationResult? Judge(ValidationAttribute attribute, object? value, ValidationContext context)
    {
        try
        {
            return attribute.GetValidationResult(value, context);
        }
        catch (Exception error) when (error is OverflowException or FormatException or RegexMatchTimeoutException)
        {
            return new ValidationResult(attribute.FormatErrorMessage(context.DisplayName));
        }
    }

    private static ParameterRules Find(JsonTypeInfo type, Dictionary<Type, ParameterRules> found)
    {
        if (found.TryGetValue(type.Type, out ParameterRules? known))
        {
            return known;
        }

        var rules = new ParameterRules(type);
        found.Add(type.Type, rules); // before its members, which may be of the same type
        if (type.Kind == JsonTypeInfoKind.Object && !IsForeign(type.Type))
        {
            foreach (JsonPropertyInfo property in type.Properties.Where(property => property.Get is not null))
            {
                ParameterRules inner = Find(type.Options.GetTypeInfo(property.PropertyType), found);
                rules._members.Add(new MemberRules(property, AttributesOf(property), inner));
            }
        }
        else if (type is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element })
        {
            rules._items = Find(type.Options.GetTypeInfo(element), found);
        }

        return rules;
    }

    // An object of the framework states no rules, and to ask it may do anything: the result of a task blocks until there is one. Its values, such as pairs, only hold others.
    private static bool IsForeign(Type type) =>
        !type.IsValueType && type.Namespace is { } name && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal));

    // A cast makes any number of an enum, and the serializer reads "one, other" as the bits of both: only what has a name is allowed.
    private static Type? EnumOf(Type type)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare.IsEnum && !bare.IsDefined(typeof(FlagsAttribute), inherit: false) ? bare : null;
    }

    /// <summary>Gets the attributes of a member; those of a record's parameter count as its property's.</summary>
    public static ValidationAttribute[] AttributesOf(JsonPropertyInfo property) =>
    [
        .. property.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>() ?? [],
        .. property.AssociatedParameter?.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>() ?? [],
    ];

    private sealed record MemberRules(JsonPropertyInfo Property, ValidationAttribute[] Attributes, ParameterRules Inner)
    {
        public JsonTypeInfo Type => Inner._type;

        public bool IsCalled(string? clrName) =>
            clrName is not null && string.Equals(Property.Name, JsonNamingPolicy.SnakeCaseLower.ConvertName(clrName), StringComparison.Ordinal);
    }
}

using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace TaskManager.Types;

/// <summary>Says what a rule allows and what was given; the attribute's own message wins when the author wrote one.</summary>
internal static class RuleMessages
{
    public static string Describe(ValidationAttribute attribute, object? value, ValidationResult failure)
    {
        if (attribute.ErrorMessage is not null || attribute.ErrorMessageResourceName is not null)
        {
            return failure.ErrorMessage ?? "is invalid.";
        }

        return attribute switch
        {
            RangeAttribute range => Text($"must be from {range.Minimum} to {range.Maximum}, not {Show(value)}."),
            MinLengthAttribute minimum => Text($"must have at least {minimum.Length} {Units(value, minimum.Length)}, not {LengthOf(value)}."),
            MaxLengthAttribute maximum => Text($"must have at most {maximum.Length} {Units(value, maximum.Length)}, not {LengthOf(value)}."),
            LengthAttribute length => Text($"must have {length.MinimumLength} to {length.MaximumLength} {Units(value, length.MaximumLength)}, not {LengthOf(value)}."),
            StringLengthAttribute length => Text($"must have {length.MinimumLength} to {length.MaximumLength} characters, not {LengthOf(value)}."),
            RegularExpressionAttribute pattern => Text($"must match {pattern.Pattern}, not {Show(value)}."),
            AllowedValuesAttribute allowed => Text($"must be one of {string.Join(", ", allowed.Values)}, not {Show(value)}."),
            RequiredAttribute => "must not be empty.",
            _ => failure.ErrorMessage ?? "is invalid.",
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Show(object? value) => ValidationFaults.Show(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null");

    private static string Units(object? value, int count) => (value is string ? "character" : "item") + (count == 1 ? string.Empty : "s");

    private static int LengthOf(object? value) => value switch
    {
        string text => text.Length,
        ICollection items => items.Count,
        _ => 0,
    };
}

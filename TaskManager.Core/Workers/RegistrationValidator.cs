using System.Globalization;
using System.Text.RegularExpressions;
using TaskManager.Types;

namespace TaskManager.Workers;

/// <summary>Says everything that is wrong with a registration. Fields are called what they are called on the wire.</summary>
internal static partial class RegistrationValidator
{
    private const int MaxIdLength = 64;
    private const int MaxIncarnationLength = 128;
    private const int MaxTypes = 100;
    private const int MaxLabels = 20;
    private const int MaxLabelLength = 64;

    public static ValidationFaults Check(WorkerRegistration registration, ValidationFaults faults)
    {
        if (faults.Names("body"))
        {
            return faults; // there are no members to look at
        }

        if (!faults.Names("worker_id") && (registration.WorkerId.Length > MaxIdLength || !IdPattern().IsMatch(registration.WorkerId)))
        {
            faults.Add("worker_id", Text($"must look like worker-<digits>-<kind>, such as worker-001-gpu, with at most {MaxIdLength} characters, not \"{ValidationFaults.Show(registration.WorkerId)}\"."));
        }

        if (!faults.Names("incarnation"))
        {
            CheckText("incarnation", registration.Incarnation, MaxIncarnationLength, faults);
        }

        CheckTypes(registration.TaskTypes, faults);
        if (registration.Slots is < 1 or > 1_000)
        {
            faults.Add("slots", Text($"must be from 1 to 1000, not {registration.Slots}."));
        }

        CheckLabels(registration.Labels, faults);
        return faults;
    }

    private static void CheckTypes(IReadOnlyList<string> types, ValidationFaults faults)
    {
        if ((types.Count is 0 or > MaxTypes) && !faults.Names("task_types"))
        {
            faults.Add("task_types", Text($"must have 1 to {MaxTypes} items, not {types.Count}."));
        }

        for (int i = 0; i < Math.Min(types.Count, MaxTypes); i++)
        {
            string path = Text($"task_types[{i}]");
            if (!faults.Names(path) && !TaskTypeRegistration.IsName(types[i]))
            {
                faults.Add(path, $"must have 1 to 64 letters, digits, '_', '-' or '.', not \"{ValidationFaults.Show(types[i])}\".");
            }
        }
    }

    private static void CheckLabels(IReadOnlyDictionary<string, string>? labels, ValidationFaults faults)
    {
        if (labels is null)
        {
            return;
        }

        if (labels.Count > MaxLabels)
        {
            faults.Add("labels", Text($"must have at most {MaxLabels} members, not {labels.Count}."));
        }

        foreach ((string key, string value) in labels.Take(MaxLabels))
        {
            string path = $"labels.{ValidationFaults.Show(key)}";
            CheckText(path, key, MaxLabelLength, faults);
            if (value.Length > 0)
            {
                CheckText(path, value, MaxLabelLength, faults);
            }
        }
    }

    private static void CheckText(string path, string text, int maxLength, ValidationFaults faults)
    {
        if (text.Length is 0 || text.Length > maxLength)
        {
            faults.Add(path, Text($"must have 1 to {maxLength} characters, not {text.Length}."));
        }
        else if (text.Any(char.IsControl))
        {
            faults.Add(path, "must not have control characters.");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^worker-[0-9]+-[A-Za-z0-9][A-Za-z0-9_.-]*\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex IdPattern();
}

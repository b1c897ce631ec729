using System.Globalization;
using System.Numerics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Reads query parameters: unknown ones are ignored, a wrong value of a known one is a fault.</summary>
internal static class QueryReader
{
    private const int MaxValues = 100;

    public static bool ReadFlag(HttpContext context, string name, ValidationFaults faults)
    {
        StringValues values = context.Request.Query[name];
        if (values.Count == 0)
        {
            return false;
        }

        if (values is ["true"])
        {
            return true;
        }

        if (values is not ["false"])
        {
            faults.Add(name, $"must be true or false, not \"{ValidationFaults.Show(values.ToString())}\".");
        }

        return false;
    }

    public static T ReadWholeNumber<T>(HttpContext context, string name, T least, T most, T otherwise, ValidationFaults faults)
        where T : struct, IBinaryInteger<T>
    {
        StringValues values = context.Request.Query[name];
        if (values.Count == 0)
        {
            return otherwise;
        }

        if (values.Count == 1
            && T.TryParse(values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T number)
            && number >= least
            && number <= most)
        {
            return number;
        }

        faults.Add(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}, not \"{ValidationFaults.Show(values.ToString())}\"."));
        return otherwise;
    }

    public static TimeSpan ReadSeconds(HttpContext context, string name, double most, double otherwise, ValidationFaults faults)
    {
        StringValues values = context.Request.Query[name];
        if (values.Count == 0)
        {
            return TimeSpan.FromSeconds(otherwise);
        }

        if (values.Count == 1
            && double.TryParse(values[0], NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double seconds)
            && seconds >= 0
            && seconds <= most)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        faults.Add(name, string.Create(CultureInfo.InvariantCulture, $"must be a number of seconds from 0 to {most}, not \"{ValidationFaults.Show(values.ToString())}\"."));
        return TimeSpan.FromSeconds(otherwise);
    }

    /// <summary>Reads a filter: several values, repeated or comma-separated.</summary>
    public static IReadOnlyList<string> ReadList(HttpContext context, string name, ValidationFaults faults)
    {
        StringValues values = context.Request.Query[name];
        if (values.Count == 0)
        {
            return [];
        }

        string[] items = [.. values.SelectMany(value => (value ?? string.Empty).Split(',', MaxValues + 1, StringSplitOptions.TrimEntries)).Take(MaxValues + 1)];
        if (items.Length > MaxValues)
        {
            faults.Add(name, string.Create(CultureInfo.InvariantCulture, $"must have at most {MaxValues} values."));
        }
        else if (items.Any(item => item.Length == 0))
        {
            faults.Add(name, "must not have an empty value.");
        }

        return items;
    }

    public static IReadOnlyList<string> ReadTaskTypes(HttpContext context, string name, TaskTypeRegistry types, ValidationFaults faults)
    {
        IReadOnlyList<string> items = ReadList(context, name, faults);
        foreach (string item in items.Where(item => item.Length > 0 && types.Find(item) is null))
        {
            faults.Add(name, $"must be the name of a task type, not \"{ValidationFaults.Show(item)}\".");
        }

        return items;
    }

    public static IReadOnlyList<TaskState> ReadStates(HttpContext context, string name, ValidationFaults faults)
    {
        var states = new List<TaskState>();
        foreach (string item in ReadList(context, name, faults))
        {
            if (TaskStates.TryParse(item, out TaskState state))
            {
                states.Add(state);
            }
            else if (item.Length > 0)
            {
                faults.Add(name, $"must be one of {string.Join(", ", TaskStates.All.Select(known => known.WireName()))}, not \"{ValidationFaults.Show(item)}\".");
            }
        }

        return states;
    }
}

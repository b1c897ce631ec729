using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TaskManager.Api.Samples;

/// <summary>Takes any JSON, and heeds nothing of it but an object's <c>processing_time</c>.</summary>
/// <param name="Given">What was sent.</param>
[JsonConverter(typeof(AnyJson))]
internal sealed record DefaultTask(JsonElement Given) : ITaskParameters<DefaultTaskResult>, IValidatableObject
{
    private const double DefaultSeconds = 5;

    private JsonElement? ProcessingTime =>
        Given.ValueKind == JsonValueKind.Object && Given.TryGetProperty("processing_time", out JsonElement time) ? time : null;

    public static async Task<DefaultTaskResult> HandleAsync(DefaultTask task, TaskContext context)
    {
        await SampleWork.SpendAsync(context, task.ProcessingTime?.GetDouble() ?? DefaultSeconds, "working");
        return new DefaultTaskResult("The task is done.");
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ProcessingTime is { } time && !IsTime(time))
        {
            string given = ValidationFaults.Show(time.GetRawText());
            yield return new ValidationResult(
                string.Create(CultureInfo.InvariantCulture, $"must be a number from 0 to {SampleWork.MaxSeconds}, not {given}."), ["processing_time"]);
        }
    }

    private static bool IsTime(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds) && seconds is >= 0 and <= SampleWork.MaxSeconds;

    private sealed class AnyJson : JsonConverter<DefaultTask>
    {
        public override bool HandleNull => true;

        public override DefaultTask Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<JsonElement>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, DefaultTask value, JsonSerializerOptions options) => value.Given.WriteTo(writer);
    }
}

internal sealed record DefaultTaskResult(string Message);

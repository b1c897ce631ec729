using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary><c>GET /tasks/stats</c>.</summary>
internal sealed class StatisticsEndpoints(HttpSurface surface)
{
    public async Task GetAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        TaskStatistics statistics = await surface.Tasks.GetStatisticsAsync(context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.CacheControl = "no-store";
        await surface.Answer.SendAsync(context, StatusCodes.Status200OK, (statistics, surface.RateLimit.Clients), Write).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter writer, (TaskStatistics Statistics, BoundUsage? Clients) read)
    {
        TaskStatistics statistics = read.Statistics;
        TaskCounts counts = statistics.Counts;
        writer.WriteStartObject();
        WriteStates(writer, "states", counts.ByState);
        writer.WriteStartObject("types"u8);
        foreach ((string type, IReadOnlyDictionary<TaskState, long> states) in counts.ByType)
        {
            WriteStates(writer, type, states);
        }

        writer.WriteEndObject();
        writer.WriteNumber("accepted"u8, counts.Accepted);
        writer.WriteNumber("removed"u8, counts.Removed);
        writer.WriteNumber("throughput_per_second"u8, statistics.ThroughputPerSecond);
        WriteNumber(writer, "success_rate"u8, statistics.SuccessRate);
        WritePercentiles(writer, "wait_seconds"u8, statistics.Wait);
        WritePercentiles(writer, "run_seconds"u8, statistics.Run);
        writer.WritePropertyName("pool"u8);
        WritePool(writer, statistics);
        writer.WriteNumber("lease_expirations"u8, statistics.LeaseExpirations);
        writer.WriteNumber("late_reports"u8, statistics.LateReports);
        writer.WriteStartObject("bounds"u8);
        foreach ((string name, BoundUsage bound) in statistics.Bounds)
        {
            WriteBound(writer, name, bound);
        }

        if (read.Clients is { } clients)
        {
            WriteBound(writer, "rate_limit_clients", clients);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteBound(Utf8JsonWriter writer, string name, BoundUsage bound)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("used"u8, bound.Used);
        writer.WriteNumber("max"u8, bound.Max);
        writer.WriteEndObject();
    }

    private static void WriteStates(Utf8JsonWriter writer, string name, IReadOnlyDictionary<TaskState, long> states)
    {
        writer.WriteStartObject(name);
        foreach (TaskState state in TaskStates.All)
        {
            writer.WriteNumber(state.WireName(), states[state]);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes the in-process pool as a value.</summary>
    public static void WritePool(Utf8JsonWriter writer, TaskStatistics statistics)
    {
        PoolStatus pool = statistics.Pool;
        writer.WriteStartObject();
        writer.WriteBoolean("running"u8, pool.IsRunning);
        writer.WriteNumber("slots"u8, pool.Slots);
        writer.WriteNumber("busy"u8, pool.Busy);
        writer.WriteNumber("suspended"u8, pool.Suspended);
        writer.WriteNumber("abandoned"u8, pool.Abandoned);
        writer.WriteNumber("queued"u8, statistics.QueuedForPool);
        writer.WriteEndObject();
    }

    private static void WritePercentiles(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DurationPercentiles percentiles)
    {
        writer.WriteStartObject(name);
        WriteNumber(writer, "p50"u8, percentiles.P50?.TotalSeconds);
        WriteNumber(writer, "p95"u8, percentiles.P95?.TotalSeconds);
        WriteNumber(writer, "p99"u8, percentiles.P99?.TotalSeconds);
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}

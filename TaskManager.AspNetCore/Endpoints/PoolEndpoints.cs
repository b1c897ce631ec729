using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary>The in-process pool in an operator's hands: status, scale, stop, start.</summary>
internal sealed class PoolEndpoints(HttpSurface surface, ITaskPool pool)
{
    private const int MaxSlots = 1_000;

    public Task GetAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        return AnswerAsync(context);
    }

    public Task StartAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        pool.Start();
        return AnswerAsync(context);
    }

    public Task StopAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        pool.Stop();
        return AnswerAsync(context);
    }

    public async Task ScaleAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        var faults = new ValidationFaults();
        int count = 0;
        new ObjectReader(faults)
            .Required("count", (ref reader, path) => count = ReadSlots(ref reader, path, faults))
            .ReadBody(await RequestBody.ReadJsonAsync(context, RequestBody.SmallBytes).ConfigureAwait(false));
        RequestRefusedException.ThrowIfAny(faults);
        pool.Scale(count);
        await AnswerAsync(context).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        TaskStatistics statistics = await surface.Tasks.GetStatisticsAsync(context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.CacheControl = "no-store";
        await surface.Answer.SendAsync(context, StatusCodes.Status200OK, statistics, StatisticsEndpoints.WritePool).ConfigureAwait(false);
    }

    private static int ReadSlots(ref Utf8JsonReader reader, string path, ValidationFaults faults)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int slots) && slots is >= 0 and <= MaxSlots)
        {
            return slots;
        }

        return SubmitMembers.Refuse<int>(ref reader, path, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from 0 to {MaxSlots}"), faults);
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using TaskManager.AspNetCore.Answers;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Reads a whole body, within a bound.</summary>
internal static class RequestBody
{
    /// <summary>The bound of bodies that carry neither parameters nor a result.</summary>
    public const int SmallBytes = 64 * 1024;

    /// <summary>What a submission may have around its parameters.</summary>
    public const int EnvelopeBytes = 16 * 1024;

    /// <summary>Reads a JSON body.</summary>
    /// <returns>The bytes: valid UTF-8, whatever JSON they hold.</returns>
    public static ValueTask<byte[]> ReadJsonAsync(HttpContext context, int maxBytes)
    {
        string? type = context.Request.ContentType;
        return IsMediaType(type, Answer.JsonType)
            ? ReadAsync(context, maxBytes)
            : throw new RequestRefusedException(Problems.UnsupportedMediaType(type, Answer.JsonType));
    }

    public static bool IsMediaType(string? given, string wanted) =>
        string.Equals(given, wanted, StringComparison.Ordinal) // what nearly everybody sends
        || IsSameMediaType(given, wanted);

    private static bool IsSameMediaType(string? given, string wanted) =>
        MediaTypeHeaderValue.TryParse(given, out MediaTypeHeaderValue? parsed)
        && parsed.MediaType.Equals(wanted, StringComparison.OrdinalIgnoreCase)
        && (!parsed.Charset.HasValue || parsed.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || parsed.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));

    public static async ValueTask<byte[]> ReadAsync(HttpContext context, int maxBytes)
    {
        if (context.Request.ContentLength > maxBytes)
        {
            throw new RequestRefusedException(Problems.TooLarge(maxBytes));
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            server.MaxRequestBodySize = null; // this bound is the one that is configured, and counts the body without the frames of its chunks
        }

        PipeReader reader = context.Request.BodyReader;
        while (true)
        {
            ReadResult read;
            try
            {
                read = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            }
            catch (IOException broken) when (broken is not BadHttpRequestException) // the connection, perhaps before the request is known to be over
            {
                throw new RequestRefusedException(Problems.BadRequest(StatusCodes.Status400BadRequest, "The body ended before its time."));
            }

            if (read.Buffer.Length > maxBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                throw new RequestRefusedException(Problems.TooLarge(maxBytes));
            }

            if (read.IsCompleted)
            {
                byte[] body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return Utf8.IsValid(body) ? body : throw new RequestRefusedException(Problems.Malformed("The body is not valid UTF-8."));
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}

using System.Text;

namespace TaskManager.Tests.AspNetCore;

/// <summary>Bodies that are no JSON, or none that is accepted, by name: test data that a runner can show.</summary>
internal static class JsonBodies
{
    public const string Deep = "10,000 arrays";

    private static readonly Dictionary<string, byte[]> Malformed = new(StringComparer.Ordinal)
    {
        ["empty"] = [],
        ["blank"] = " \n"u8.ToArray(),
        ["cut off"] = """{"task_type":"gate","""u8.ToArray(),
        ["not closed"] = """{"task_type":"gate" """u8.ToArray(),
        ["bare word"] = "nul"u8.ToArray(),
        ["no quotes"] = "{task_type:1}"u8.ToArray(),
        ["single quotes"] = "{'task_type':'gate'}"u8.ToArray(),
        ["trailing comma"] = """{"task_type":"gate",}"""u8.ToArray(),
        ["block comment"] = """{/* x */"task_type":"gate"}"""u8.ToArray(),
        ["line comment"] = "{\"task_type\":\"gate\"} // x"u8.ToArray(),
        ["trailing garbage"] = """{"task_type":"gate"}x"""u8.ToArray(),
        ["second value"] = """{"task_type":"gate"} {"task_type":"gate"}"""u8.ToArray(),
        ["too many ends"] = """{"task_type":"gate"}}"""u8.ToArray(),
        ["NaN"] = """{"task_type":"gate","max_attempts":NaN}"""u8.ToArray(),
        ["infinity"] = """{"task_type":"gate","max_attempts":-Infinity}"""u8.ToArray(),
        ["1e400 as an option"] = """{"task_type":"gate","delay_seconds":1e400}"""u8.ToArray(),
        ["1e400 as a count"] = """{"task_type":"gate","max_attempts":1e400}"""u8.ToArray(),
        ["1e400 as a text"] = """{"task_type":1e400}"""u8.ToArray(),
        ["1e400 as a parameter"] = """{"task_type":"echo","parameters":{"a":[-1e400]}}"""u8.ToArray(),
        ["1e400 in an unknown member"] = """{"task_type":"gate","x":[1e400]}"""u8.ToArray(),
        ["plus"] = """{"task_type":"gate","max_attempts":+1}"""u8.ToArray(),
        ["leading zero"] = """{"task_type":"gate","max_attempts":01}"""u8.ToArray(),
        ["no fraction"] = """{"task_type":"gate","max_attempts":1.}"""u8.ToArray(),
        ["hexadecimal"] = """{"task_type":"gate","max_attempts":0x1}"""u8.ToArray(),
        ["lone high surrogate"] = """{"task_type":"\ud800"}"""u8.ToArray(),
        ["lone low surrogate in a tag"] = """{"task_type":"gate","tags":["\udc00"]}"""u8.ToArray(),
        ["lone surrogate in a parameter"] = """{"task_type":"echo","parameters":{"a":["\ud83d"]}}"""u8.ToArray(),
        ["lone surrogate in a name"] = """{"task_type":"gate","\udfff":1}"""u8.ToArray(),
        ["lone surrogate in a nested name"] = """{"task_type":"echo","parameters":{"\ud800\ud800":1}}"""u8.ToArray(),
        ["surrogates in UTF-8"] = [.. "{\"task_type\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8],
        ["not UTF-8"] = [.. "{\"task_type\":\""u8, 0xFF, .. "\"}"u8],
        ["not UTF-8 in a parameter"] = [.. "{\"task_type\":\"echo\",\"parameters\":\""u8, 0xC3, 0x28, .. "\"}"u8],
        ["overlong UTF-8"] = [.. "{\"task_type\":\""u8, 0xC0, 0xAF, .. "\"}"u8],
        ["byte order mark"] = [0xEF, 0xBB, 0xBF, .. "{\"task_type\":\"gate\"}"u8],
        ["UTF-16"] = Encoding.Unicode.GetBytes("{\"task_type\":\"gate\"}"),
        ["UTF-16 with its mark"] = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("{\"task_type\":\"gate\"}")],
        ["NUL"] = "{\"task_type\":\"gate\"\0}"u8.ToArray(),
        ["NUL at the end"] = "{\"task_type\":\"gate\"}\0"u8.ToArray(),
        ["NUL in a string"] = "{\"task_type\":\"ga\0te\"}"u8.ToArray(),
        ["line break in a string"] = "{\"task_type\":\"ga\rte\"}"u8.ToArray(),
        ["unknown escape"] = """{"task_type":"\x41"}"""u8.ToArray(),
        ["half an escape"] = """{"task_type":"\u12"}"""u8.ToArray(),
        ["member twice"] = """{"task_type":"gate","task_type":"gate"}"""u8.ToArray(),
        ["member twice, escaped"] = """{"task_type":"gate","\u0074ask_type":"gate"}"""u8.ToArray(),
        ["unknown member twice"] = """{"task_type":"gate","x":1,"x":2}"""u8.ToArray(),
        ["parameter twice"] = """{"task_type":"echo","parameters":{"a":1,"a":1}}"""u8.ToArray(),
        ["nested parameter twice"] = """{"task_type":"echo","parameters":{"a":[{"b":1,"\u0062":2}]}}"""u8.ToArray(),
        ["member of a wrong value twice"] = """{"task_type":"gate","priority":{"a":1,"a":2}}"""u8.ToArray(),
        ["member of a wrong item twice"] = """{"task_type":"gate","tags":[{"a":1,"a":2}]}"""u8.ToArray(),
        ["depth 33"] = Encoding.UTF8.GetBytes(Nested(33)),
        ["depth 33 of objects"] = Encoding.UTF8.GetBytes($$"""{"task_type":"echo","parameters":{{string.Concat(Enumerable.Repeat("{\"a\":", 32))}}1{{new string('}', 32)}}}"""),
        ["depth 33 in an unknown member"] = Encoding.UTF8.GetBytes($$"""{"task_type":"gate","x":{{new string('[', 32)}}{{new string(']', 32)}}}"""),
        [Deep] = Encoding.UTF8.GetBytes(Nested(10_000)),
        ["10,000 objects"] = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 10_000))),
        ["10,000 ends"] = Encoding.UTF8.GetBytes(new string(']', 10_000)),
    };

    public static IEnumerable<string> MalformedNames => Malformed.Keys;

    public static byte[] Get(string name) => Malformed[name];

    /// <summary>Gives the body of that name, or, where there is none, the text itself.</summary>
    public static byte[] OfNameOrText(string nameOrText) => Malformed.TryGetValue(nameOrText, out byte[]? body) ? [.. body] : Encoding.UTF8.GetBytes(nameOrText);

    /// <summary>A submission whose arrays are nested so deep that the whole has the depth.</summary>
    public static string Nested(int depth) => $$"""{"task_type":"echo","parameters":{{new string('[', depth - 1)}}{{new string(']', depth - 1)}}}""";

    public static ByteArrayContent Content(byte[] body, string? mediaType)
    {
        var content = new ByteArrayContent(body);
        if (mediaType is not null)
        {
            Assert.True(content.Headers.TryAddWithoutValidation("Content-Type", mediaType));
        }

        return content;
    }
}

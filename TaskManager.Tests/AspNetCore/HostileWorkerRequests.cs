using System.Globalization;

namespace TaskManager.Tests.AspNetCore;

/// <summary>
/// Requests over every route of workers and of the pool, each of which must be refused and change nothing. <c>{id}</c> stands for a task that the worker <see cref="Worker"/> runs.
/// </summary>
internal static class HostileWorkerRequests
{
    public const string Worker = "worker-1-real";

    private const string Json = "application/json";
    private const string Token = "01980000-0000-7000-8000-000000000000";
    private const string Lease = $"\"task_id\":\"{{id}}\",\"lease_token\":\"{Token}\"";

    private static readonly string[] Verbs = ["complete", "fail", "release", "progress", "logs"];

    /// <summary>Well-formed in all but the token, which nobody was given.</summary>
    private static readonly Dictionary<string, string> Forged = new(StringComparer.Ordinal)
    {
        ["complete"] = ",\"result\":1",
        ["fail"] = ",\"error\":{\"code\":\"a\",\"message\":\"b\"}",
        ["release"] = ",\"checkpoint\":[1]",
        ["progress"] = ",\"progress\":{\"step\":1,\"total\":2}",
        ["logs"] = ",\"entries\":[{\"message\":\"x\"}]",
    };

    private static readonly string[] TaskIds =
    [
        "x", "0", "%20", "%00", "..%2f..%2fetc%2fpasswd", "01980000-0000-7000-8000-00000000000", "0198000000007000800000000000000", "{01980000-0000-7000-8000-000000000000}", Token, "{id};x", "{id}%20", "{id}.json",
        new('a', 4_000), "00000000-0000-0000-0000-000000000000", "batch", "stats",
    ];

    private static readonly string[] WorkerIds =
    [
        "worker-2-gone", "internal", "register", "%00", "%20", "..%2f..%2fetc", "%252e%252e", "worker-1-real%00", "worker-1-real%20", "WORKER-1-REAL", "worker-1-real;x", "worker-1-real.json", "%EF%BC%91",
        "%F0%9F%98%80", "%0d%0aX-Evil:%201", new('w', 4_000),
    ];

    /// <summary>Values that are no member of a registration, by the member.</summary>
    private static readonly (string Member, string[] Values)[] WrongRegistrations =
    [
        ("worker_id", [
            "\"\"", "\"worker\"", "\"worker-1\"", "\"worker-a-b\"", "\"worker-1-\"", "\"worker--x\"", "\"Worker-2-x\"", "\"worker-2-x\\n\"", "\"worker-2-x\\u0000\"", "\"\\nworker-2-x\"", "\"../../etc/passwd\"",
            "\"worker-\\uff12-x\"", "\"worker-2-\\u00fc\"", "\"worker-2-x/../y\"", "\"internal-1\"", "1", "true", "[]", "{}", "null", $"\"worker-2-{new string('x', 60)}\"",
        ]),
        ("incarnation", ["\"\"", "\"\\u0000\"", "\"a\\nb\"", "1", "null", "[]", "{}", $"\"{new string('i', 129)}\""]),
        ("task_types", [
            "[]", "[\"\"]", "[\"a b\"]", "[\"a/b\"]", "[\"a\\u0000\"]", "[\"fresh\",\"b\\n\"]", "[null]", "[1]", "[[]]", "\"fresh\"", "{\"0\":\"fresh\"}", "null", "[\"fresh\",\"add\"]", $"[\"{new string('t', 65)}\"]",
            $"[{string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"fresh{i}\""))}]", $"[{string.Join(',', Enumerable.Repeat("\"fresh\"", 1_001))}]",
        ]),
        ("slots", ["0", "-1", "1001", "1.5", "1e10", "\"4\"", "true", "[]"]),
        ("labels", [
            "[]", "\"x\"", "1", "{\"\":\"x\"}", "{\"a\":1}", "{\"a\":[]}", "{\"a\":\"\\u0000\"}", "{\"a\\n\":\"x\"}", $"{{\"a\":\"{new string('l', 65)}\"}}",
            $"{{{string.Join(',', Enumerable.Range(0, 21).Select(i => $"\"{i}\":\"x\""))}}}",
        ]),
        ("colour", ["\"red\"", "null"]),
    ];

    private static readonly string[] WrongClaims =
    [
        "{\"max\":0}", "{\"max\":-1}", "{\"max\":1001}", "{\"max\":1.5}", "{\"max\":1e3}", "{\"max\":\"1\"}", "{\"max\":true}", "{\"max\":[]}", "{\"max\":99999999999}", "{\"wait_seconds\":-1}",
        "{\"wait_seconds\":-1e-9}", "{\"wait_seconds\":30.001}", "{\"wait_seconds\":1e308}", "{\"wait_seconds\":\"1\"}", "{\"wait_seconds\":true}", "{\"incarnation\":1}", "{\"incarnation\":[]}",
        "{\"incarnation\":\"other\"}", "{\"incarnation\":\"\"}", "{\"incarnation\":\"ONLY\"}", "{\"task_types\":[\"add\"]}", "{\"worker_id\":\"worker-1-real\"}", "{\"MAX\":1}",
    ];

    private static readonly string[] WrongHeartbeats =
    [
        "{\"leases\":{}}", "{\"leases\":\"x\"}", "{\"leases\":[null]}", "{\"leases\":[1]}", "{\"leases\":[{}]}", "{\"leases\":[[]]}", $"{{\"leases\":[{{\"task_id\":\"{Token}\"}}]}}",
        "{\"leases\":[{\"task_id\":\"x\",\"lease_token\":\"x\"}]}", $"{{\"leases\":[{{\"task_id\":\"{{id}}\",\"lease_token\":\"{{{Token}}}\"}}]}}",
        $"{{\"leases\":[{string.Join(',', Enumerable.Repeat($"{{\"task_id\":\"{Token}\",\"lease_token\":\"{Token}\"}}", 1_001))}]}}", "{\"incarnation\":\"other\"}", "{\"wait_seconds\":-1}",
        "{\"wait_seconds\":\"0\"}", "{\"worker\":\"run\"}", .. ((string[])[
            "\"paused\":1", "\"paused\":\"true\"", "\"progress\":[]", "\"progress\":{}", "\"progress\":1", "\"progress\":{\"step\":-1}", "\"progress\":{\"step\":\"1\"}", "\"progress\":{\"step\":1e400}",
            "\"progress\":{\"step\":1,\"total\":-1}", "\"progress\":{\"step\":1,\"message\":1}", "\"progress\":{\"step\":1,\"percent\":1}", "\"directive\":\"continue\"", "\"lease_seconds\":1e9",
            $"\"checkpoint\":{new string('[', 40)}{new string(']', 40)}", "\"checkpoint\":{\"a\":1,\"a\":2}", "\"checkpoint\":1e400"])
        .Select(more => $"{{\"leases\":[{{{Lease},{more}}}]}}"),
    ];

    private static readonly (string Verb, string[] Members)[] WrongReports =
    [
        ("complete", ["\"result\":1e400", "\"result\":{\"a\":1,\"a\":1}", "\"error\":null,\"status\":\"completed\"", "\"result\":\"\\ud800\""]),
        ("fail", [
            "\"error\":null", "\"error\":[]", "\"error\":\"x\"", "\"error\":{}", "\"error\":{\"code\":\"\",\"message\":\"x\"}", "\"error\":{\"code\":\"a b\",\"message\":\"x\"}", "\"error\":{\"code\":\"a\\n\",\"message\":\"x\"}",
            "\"error\":{\"code\":1,\"message\":\"x\"}", "\"error\":{\"code\":\"a\"}", "\"error\":{\"code\":\"a\",\"message\":\"x\",\"type\":\"y\"}", "\"error\":{\"code\":\"a\",\"message\":\"x\"},\"retryable\":1",
            "\"error\":{\"code\":\"a\",\"message\":\"x\"},\"retryable\":\"no\"", "\"error\":{\"code\":\"a\",\"message\":\"x\"},\"retry_after_seconds\":-1",
            "\"error\":{\"code\":\"a\",\"message\":\"x\"},\"retry_after_seconds\":1e308", "\"error\":{\"code\":\"a\",\"message\":\"x\"},\"retry_after_seconds\":\"1\"", $"\"error\":{{\"code\":\"{new string('c', 65)}\",\"message\":\"x\"}}",
        ]),
        ("release", ["\"result\":1", "\"checkpoint\":1e400", "\"checkpoint\":{\"a\":1,\"a\":1}"]),
        ("progress", ["\"progress\":null", "\"progress\":[]", "\"progress\":{}", "\"progress\":{\"step\":-1}", "\"progress\":{\"step\":null}", "\"progress\":{\"step\":1,\"total\":\"2\"}", "\"progress\":{\"step\":1,\"message\":[]}"]),
        ("logs", [
            "\"entries\":null", "\"entries\":{}", "\"entries\":\"x\"", "\"entries\":[null]", "\"entries\":[{}]", "\"entries\":[{\"message\":1}]", "\"entries\":[{\"message\":\"x\",\"level\":\"loud\"}]",
            "\"entries\":[{\"message\":\"x\",\"level\":\"none\"}]", "\"entries\":[{\"message\":\"x\",\"level\":0}]", "\"entries\":[{\"message\":\"x\",\"level\":\"Information\"}]",
            $"\"entries\":[{string.Join(',', Enumerable.Repeat("{\"message\":\"x\"}", 1_001))}]",
        ]),
    ];

    private static readonly string[] WrongTokens =
        ["null", "\"\"", "\"x\"", "1", "true", "[]", "{}", "\"0198000000007000800000000000000\"", "\"{01980000-0000-7000-8000-000000000000}\"", "\" 01980000-0000-7000-8000-000000000000\"", "\"01980000-0000-7000-8000-000000000000\\u0000\""];

    private static readonly string[] WrongScales =
        ["{}", "{\"count\":-1}", "{\"count\":1001}", "{\"count\":1.5}", "{\"count\":\"5\"}", "{\"count\":null}", "{\"count\":true}", "{\"count\":[]}", "{\"count\":1e2}", "{\"count\":99999999999}", "{\"slots\":1}", "{\"count\":7,\"force\":true}"];

    private static readonly (string Method, string Path)[] WrongMethods =
    [
        ("POST", "/workers"), ("PUT", "/workers"), ("DELETE", "/workers"), ("PATCH", "/workers"), ("TRACE", "/workers"), ("GET", "/workers/register"), ("PUT", "/workers/register"), ("GET", $"/workers/{Worker}"),
        ("PUT", $"/workers/{Worker}"), ("PATCH", $"/workers/{Worker}"), ("GET", $"/workers/{Worker}/claim"), ("PUT", $"/workers/{Worker}/claim"), ("DELETE", $"/workers/{Worker}/claim"), ("GET", $"/workers/{Worker}/heartbeat"),
        ("PATCH", $"/workers/{Worker}/heartbeat"), ("POST", $"/workers/{Worker}/register"), ("POST", $"/workers/{Worker}/complete"), ("DELETE", $"/workers/{Worker}?incarnation=other"),
        ("DELETE", $"/workers/{Worker}?incarnation="), ("DELETE", $"/workers/{Worker}?incarnation=only&incarnation=only"), ("POST", "/workers/internal/status"), ("GET", "/workers/internal/scale"),
        ("PUT", "/workers/internal/scale"), ("GET", "/workers/internal/stop"), ("DELETE", "/workers/internal/stop"), ("GET", "/workers/internal/start"), ("POST", "/workers/internal/restart"),
        ("GET", "/tasks/{id}/complete"), ("PUT", "/tasks/{id}/complete"), ("DELETE", "/tasks/{id}/complete"), ("GET", "/tasks/{id}/fail"), ("GET", "/tasks/{id}/release"), ("GET", "/tasks/{id}/progress"),
        ("PUT", "/tasks/{id}/logs"), ("DELETE", "/tasks/{id}/logs"), ("POST", "/metrics"), ("DELETE", "/metrics"), ("POST", "/health"), ("POST", "/ready"),
    ];

    private static readonly string[] BodyPaths =
        ["/workers/register", $"/workers/{Worker}/claim", $"/workers/{Worker}/heartbeat", "/workers/internal/scale", .. Verbs.Select(verb => $"/tasks/{{id}}/{verb}")];

    public static IEnumerable<HostileRequest> All =>
    [
        .. BodyPaths.SelectMany(path => JsonBodies.MalformedNames.Concat(["null", "true", "0", "1e308", "\"x\"", "[]", "[{}]", "{\"\":1}", "{\"__proto__\":{}}"]).Select(body => Post(path, body))),
        .. BodyPaths.SelectMany(path => ((string?[])[null, "text/plain", "multipart/form-data; boundary=x", "application/json; charset=utf-16"]).Select(type => new HostileRequest("POST", path, type, "{}"))),
        .. WorkerIds.SelectMany(id => (HostileRequest[])[Post($"/workers/{id}/claim", "{}"), Post($"/workers/{id}/heartbeat", "{}"), new("DELETE", $"/workers/{id}")]),
        .. WrongRegistrations.SelectMany(wrong => wrong.Values.Select(value => Post("/workers/register", Registration(wrong.Member, value)))),
        .. WrongClaims.Select(body => Post($"/workers/{Worker}/claim", body)),
        .. WrongHeartbeats.Select(body => Post($"/workers/{Worker}/heartbeat", body)),
        .. TaskIds.SelectMany(id => Verbs.Select(verb => Post($"/tasks/{id}/{verb}", Report(verb)))),
        .. Verbs.SelectMany(verb => ((string[])["{id}", "{ended}"]).Select(id => Post($"/tasks/{id}/{verb}", Report(verb)))),
        .. Verbs.SelectMany(verb => WrongTokens.Select(token => Post($"/tasks/{{id}}/{verb}", $"{{\"lease_token\":{token}{Forged[verb]}}}"))),
        .. Verbs.SelectMany(verb => ((string[])["0", "-1", "1.5", "2147483648", "\"1\"", "[]"]).Select(attempt => Post($"/tasks/{{id}}/{verb}", $"{{\"lease_token\":\"{Token}\",\"attempt\":{attempt}{Forged[verb]}}}"))),
        .. WrongReports.SelectMany(wrong => wrong.Members.Select(members => Post($"/tasks/{{id}}/{wrong.Verb}", $"{{\"lease_token\":\"{Token}\",{members}}}"))),
        .. WrongScales.Select(body => Post("/workers/internal/scale", body)),
        .. WrongMethods.Select(wrong => new HostileRequest(wrong.Method, wrong.Path)),
    ];

    private static HostileRequest Post(string path, string body) => new("POST", path, Json, body);

    private static string Report(string verb) => $"{{\"lease_token\":\"{Token}\"{Forged[verb]}}}";

    /// <summary>A registration that is right but for one member.</summary>
    private static string Registration(string member, string value)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["worker_id"] = "\"worker-2-new\"",
            ["incarnation"] = "\"first\"",
            ["task_types"] = "[\"fresh\"]",
            [member] = value,
        };
        return string.Create(CultureInfo.InvariantCulture, $"{{{string.Join(',', members.Select(each => $"\"{each.Key}\":{each.Value}"))}}}");
    }
}

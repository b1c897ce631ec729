namespace TaskManager.Tests.AspNetCore;

/// <summary>One request that no client should make.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path and the query; <c>{id}</c> stands for a task that runs.</param>
/// <param name="MediaType">The media type of the body.</param>
/// <param name="Body">The name of a malformed body, or the body itself; <see langword="null"/> for none.</param>
public sealed record HostileRequest(string Method, string Path, string? MediaType = null, string? Body = null);

/// <summary>Requests over every route, each of which must be refused and change nothing.</summary>
internal static class HostileRequests
{
    private const string Json = "application/json";

    /// <summary>Ids as they stand in a path, encoded.</summary>
    private static readonly string[] Ids =
    [
        "x", "0", "-1", "9223372036854775808", "1e9", "null", "undefined", "true", "*", "%20", "%09", "%0d%0aX-Evil:%201", "%00", "..%2f..%2fetc%2fpasswd", "%252e%252e", "..%5c..%5cwindows",
        "01980000-0000-7000-8000-00000000000", "01980000-0000-7000-8000-0000000000000", "01980000-0000-7000-8000-00000000000g", "0198000000007000800000000000000",
        "{01980000-0000-7000-8000-000000000000}", "(01980000-0000-7000-8000-000000000000)", "urn:uuid:01980000-0000-7000-8000-000000000000",
        "%EF%BC%90%EF%BC%91980000-0000-7000-8000-000000000000", "%D9%A0%D9%A1980000-0000-7000-8000-000000000000", "01980000-0000-7000-8000-000000000000%00",
        "01980000-0000-7000-8000-000000000000'--", "%3Cscript%3E", "$%7Bjndi:ldap:x%7D", "%F0%9F%98%80", "{id}%20", "%20{id}", "{id};x", "{id}.json", "{id},{id}", "batch.json",
        new('a', 4_000), "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ];

    private static readonly (string Method, string Suffix)[] IdRoutes =
    [
        ("GET", ""), ("HEAD", ""), ("DELETE", ""), ("DELETE", "?purge=true"), ("GET", "/status"), ("GET", "/result"), ("GET", "?wait=true&timeout=60"),
        ("POST", "/cancel"), ("POST", "/pause"), ("POST", "/resume"), ("POST", "/retry"), ("PATCH", "/status"),
    ];

    private static readonly string[] Queries =
    [
        "wait=2", "wait=true%00", "wait=%74rue%20", "timeout=-0.1", "timeout=61", "timeout=1e-3", "timeout=0x10", "timeout=%2B", "timeout=9999999999999999999999", "timeout=nan", "timeout=%E2%88%9E",
        "wait=true&wait=false", "wait=true&timeout=60&timeout=0", "timeout=%D9%A1",
    ];

    private static readonly string[] ListQueries =
    [
        "limit=-1", "limit=1e9", "limit=1000000000", "limit=2147483648", "limit=0", "limit=abc", "limit=%00", "status=%00", "status=running", "status=queued%00", "status=*", "status=0", "status=queued,,failed",
        "type=*", "type=..%2f", "type=%00", "tag=&tag=", "cursor=x", "cursor=%00", "cursor=0", "cursor=-1", "cursor=AAAAAAAAAAEAAAAAAAAAAA", "cursor=%2e%2e", "cursor=%F0%9F%98%80", "cursor=&cursor=",
    ];

    private static readonly (string Method, string Path)[] WrongMethods =
    [
        ("PUT", "/tasks"), ("DELETE", "/tasks"), ("PATCH", "/tasks"), ("OPTIONS", "/tasks"), ("TRACE", "/tasks"), ("PROPFIND", "/tasks"), ("get", "/tasks/batch/x"), ("PUT", "/tasks/batch"),
        ("PATCH", "/tasks/batch"), ("POST", "/tasks/stats"), ("PUT", "/tasks/stats"), ("POST", "/tasks/{id}"), ("PUT", "/tasks/{id}"), ("PATCH", "/tasks/{id}"), ("GET", "/tasks/{id}/cancel"),
        ("DELETE", "/tasks/{id}/cancel"), ("GET", "/tasks/{id}/retry"), ("PUT", "/tasks/{id}/status"), ("POST", "/tasks/{id}/status"), ("POST", "/tasks/{id}/result"), ("DELETE", "/tasks/{id}/result"),
        ("POST", "/task-types"), ("DELETE", "/task-types/add"), ("GET", "/tasks/{id}/nothing"), ("GET", "/tasks/{id}/status/x"), ("GET", "/task"), ("GET", "/tasks-types"),
        (new string('X', 1_000), "/tasks"),
    ];

    /// <summary>Values that are JSON, but nothing that any route takes.</summary>
    private static readonly string[] WrongValues =
    [
        "null", "true", "0", "-1", "1e308", "\"\"", "\"x\"", "{}", "[[]]", "[null]", "[{}]", "{\"\":\"\"}", "{\"task_type\":{}}", "{\"task_type\":[]}", "{\"task_type\":true}", "{\"task_type\":\"\"}",
        "{\"task_type\":\"../../etc/passwd\"}", "{\"task_type\":\"gate\\u0000\"}", "{\"task_type\":\"GATE\"}", "{\"task_type\":\" gate\"}", "{\"task_type\":\"gate\",\"parameters\":{\"$type\":\"System.Object\"}}",
        "{\"task_type\":\"gate\",\"parameters\":1e308}", "{\"task_type\":\"gate\",\"task_id\":\"x\",\"status\":\"completed\",\"result\":1}", "{\"status\":\"failed\"}", "{\"status\":0}", "{\"status\":{}}",
        "{\"task_type\":\"gate\",\"run_at\":\"\\ud800\\ud800\"}", "{\"task_type\":\"order\",\"parameters\":{\"customer\":\"c\",\"colour\":\"green\",\"items\":[],\"discount\":1e10}}",
        "{\"STATUS\":\"cancelled\"}", "{\"status\":\"cancelled\\u0000\"}", "{\"status\":\"cancelled\",\"task_type\":\"gate\"}", "{\"lease_token\":\"x\"}", "{\"__proto__\":{\"status\":\"cancelled\"}}",
    ];

    public static IEnumerable<HostileRequest> All =>
    [
        .. Ids.SelectMany(id => IdRoutes.Select(route => new HostileRequest(
            route.Method, $"/tasks/{id}{route.Suffix}", route.Method == "PATCH" ? Json : null, route.Method == "PATCH" ? "{\"status\":\"cancelled\"}" : null))),
        .. Queries.SelectMany(query => ((string[])["", "/status", "/result"]).Select(path => new HostileRequest("GET", $"/tasks/{{id}}{path}?{query}"))),
        .. Queries.Select(query => new HostileRequest("DELETE", $"/tasks/{{id}}?{query.Replace("wait", "purge", StringComparison.Ordinal).Replace("timeout", "purge", StringComparison.Ordinal)}")),
        .. ListQueries.Select(query => new HostileRequest("GET", $"/tasks?{query}")),
        .. WrongMethods.Select(wrong => new HostileRequest(wrong.Method, wrong.Path)),
        .. Bodies("POST", "/tasks"),
        .. Bodies("POST", "/tasks/batch?atomic=true"),
        .. Bodies("PATCH", "/tasks/{id}/status"),
        .. ((string[])["%00", "..%2f", "x%20y", "%F0%9F%98%80", new('a', 4_000)]).Select(type => new HostileRequest("GET", $"/task-types/{type}")),
    ];

    private static IEnumerable<HostileRequest> Bodies(string method, string path) =>
        JsonBodies.MalformedNames.Concat(WrongValues).Select(body => new HostileRequest(method, path, Json, body));
}

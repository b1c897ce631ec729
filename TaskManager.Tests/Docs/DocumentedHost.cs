using TaskManager.Tests.Api;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Docs;

/// <summary>The host as the guide starts it, to send it what the documents send.</summary>
public sealed class DocumentedHost : IAsyncLifetime
{
    private readonly Dictionary<string, string> _variables = [];
    private HostProcess _host = null!;
    private string _lastAccepted = string.Empty;

    internal Uri Address => _host.Client.BaseAddress!;

    public async ValueTask InitializeAsync() => _host = await HostProcess.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>Runs the commands of a block.</summary>
    /// <returns>The answer to the last request.</returns>
    internal async Task<HttpAnswer?> RunAsync(string script)
    {
        HttpAnswer? last = null;
        foreach (string command in ShellScript.Commands(script))
        {
            if (ShellScript.TryReadCapture(command, out string name, out string inner, out string member))
            {
                last = await SendAsync(inner);
                _variables[name] = last.Member(member).GetString()!;
            }
            else if (ShellScript.TryReadAssignment(command, out name, out string value))
            {
                // An id that the document shows is that of the answer before; here it is another one.
                _variables[name] = Guid.TryParse(value, out _) ? _lastAccepted : value;
            }
            else
            {
                last = await SendAsync(command);
            }
        }

        return last;
    }

    private async Task<HttpAnswer> SendAsync(string command)
    {
        CurlCommand curl = CurlCommand.Parse(ShellScript.Words(command, _variables));
        HttpAnswer answer = await SendAsync(curl);
        if (curl.Address.AbsolutePath.EndsWith("/result", StringComparison.Ordinal) && curl.Address.Query.Contains("wait=true", StringComparison.Ordinal))
        {
            await Patience.UntilAsync(async () => answer.Status != 202 || (answer = await SendAsync(curl)).Status != 202); // it waits for a change: a task that was queued may only have begun
        }

        if (answer.Status == 202)
        {
            _lastAccepted = answer.Id;
        }

        return answer;
    }

    private async Task<HttpAnswer> SendAsync(CurlCommand curl)
    {
        using HttpRequestMessage request = curl.ToRequest(Address);
        using HttpResponseMessage response = await _host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await HttpAnswer.ReadAsync(response);
    }
}

using System.Globalization;
using TaskManager.Tests.Api;

namespace TaskManager.Tests.Samples;

[Collection(RealProcesses.Name)]
[Trait("Needs", "node")]
public sealed class NodeWorkerTests(LeasedHost leased, ITestOutputHelper output) : WorkerSampleContract(leased, output), IClassFixture<LeasedHost>
{
    protected override string Program => "node";

    protected override string Script => "worker.mjs";

    protected override string TaskType => "primes";

    protected override string Parameters(double seconds) => string.Create(CultureInfo.InvariantCulture, $$"""{"below":100,"seconds":{{seconds}}}""");

    protected override string Result => """{"count":25}""";
}

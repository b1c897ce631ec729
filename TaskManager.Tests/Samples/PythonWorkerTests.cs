using System.Globalization;
using TaskManager.Tests.Api;

namespace TaskManager.Tests.Samples;

[Collection(RealProcesses.Name)]
[Trait("Needs", "python3")]
public sealed class PythonWorkerTests(LeasedHost leased, ITestOutputHelper output) : WorkerSampleContract(leased, output), IClassFixture<LeasedHost>
{
    protected override string Program => "python3";

    protected override string Script => "worker.py";

    protected override string TaskType => "word_count";

    protected override string Parameters(double seconds) => string.Create(CultureInfo.InvariantCulture, $$"""{"text":"one two three","seconds":{{seconds}}}""");

    protected override string Result => """{"words":3}""";
}

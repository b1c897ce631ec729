namespace TaskManager.Tests.Samples;

public sealed class SampleFilesTests
{
    [Theory]
    [InlineData("worker.py")]
    [InlineData("worker.mjs")]
    [InlineData("Embedded", "Program.cs")]
    public void Sample_Always_IsShortEnoughToReadAtOnce(params string[] file) => Assert.InRange(Repository.Read(["samples", .. file]).Split('\n').Length - 1, 20, 119);
}

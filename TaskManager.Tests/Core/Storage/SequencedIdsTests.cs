using System.Globalization;
using TaskManager.Storage;

namespace TaskManager.Tests.Core.Storage;

public sealed class SequencedIdsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(0x0123_4567_89AB);

    private readonly SequencedIds _ids = new();

    [Theory]
    [InlineData(1, "01234567-89ab-7000-8000-0001")]
    [InlineData(0x3FFF_FFFF, "01234567-89ab-7000-bfff-ffff")] // the low 30 bits
    [InlineData(0x4000_0000, "01234567-89ab-7001-8000-0000")] // the first of the high 12
    [InlineData(0x3FF_FFFF_FFFF, "01234567-89ab-7fff-bfff-ffff")]
    [InlineData(0x2A1_2345_6789, "01234567-89ab-7a84-a345-6789")]
    public void Next_Sequence_StandsWhereRfc9562WantsACounter(long sequence, string expected)
    {
        Guid id = _ids.Next(sequence, Now);

        Assert.Equal(expected, id.ToString()[..^8]);
        Assert.Equal((7, 8), (id.Version, id.Variant & 0xC));
        Assert.True(SequencedIds.TryReadSequence(id, out long read));
        Assert.Equal(sequence, read);
    }

    [Fact]
    public void Next_ClockGoesBack_KeepsTheLatestMoment()
    {
        Guid first = _ids.Next(1, Now);
        Guid second = _ids.Next(2, Now.AddDays(-1));
        Guid third = _ids.Next(3, Now.AddMilliseconds(1));

        Assert.Equal([0x0123_4567_89AB, 0x0123_4567_89AB, 0x0123_4567_89AC], new[] { first, second, third }.Select(Milliseconds));
        Assert.Equal([first, second, third], new[] { third, first, second }.OrderBy(id => id.ToString(), StringComparer.Ordinal));
    }

    [Fact]
    public void Next_SameSequenceAndMoment_DiffersInItsRandomPart()
    {
        const int Count = 5_000; // the random bytes are drawn in blocks, which must not repeat; of 32 bits, two of so many are the same in one run of 340
        Assert.InRange(Enumerable.Range(0, Count).Select(_ => _ids.Next(1, Now).ToString()[^8..]).Distinct().Count(), Count - 5, Count);
    }

    [Theory]
    [InlineData("01234567-89ab-4000-8000-000100000000")] // another version
    [InlineData("01234567-89ab-8000-8000-000100000000")]
    [InlineData("01234567-89ab-7000-c000-000100000000")] // another variant
    [InlineData("01234567-89ab-7000-0000-000100000000")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public void TryReadSequence_OtherKindsOfIds_HaveNone(string id) => Assert.False(SequencedIds.TryReadSequence(Guid.Parse(id), out _));

    private static long Milliseconds(Guid id) => long.Parse(id.ToString("N")[..12], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}

using TaskManager.Storage;

namespace TaskManager.Tests.Core.Storage;

public sealed class StateIndexTests
{
    private readonly StateIndex _index = new();

    [Fact]
    public void FindAtMost_Empty_IsNone()
    {
        Assert.Equal(-1, _index.FindAtMost(1_000, []));
        _index.Add(7);
        Assert.Equal(-1, _index.FindAtMost(1_000, [TaskState.Queued]));
        Assert.Equal(-1, _index.FindAtMost(6, []));
        Assert.Equal(7, _index.FindAtMost(7, []));
        Assert.Equal(-1, _index.FindAtMost(-1, []));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void FindAtMost_RandomMoves_IsWhatAScanFinds(int seed)
    {
        var random = new Random(seed);
        var model = new SortedDictionary<long, HashSet<TaskState>>();
        long next = random.Next(5_000);
        for (int step = 0; step < 20_000; step++)
        {
            switch (random.Next(10))
            {
                case 0:
                    next += random.Next(10) == 0 ? random.Next(9_000) : 1; // gaps wider than a region
                    model.Add(next, []);
                    _index.Add(next);
                    break;
                case < 5 when model.Count > 0:
                    long segment = model.Keys.ElementAt(random.Next(model.Count));
                    Toggle(model[segment], segment, (TaskState)random.Next(TaskStates.Count));
                    break;
                case 5 when model.Count > 1:
                    long gone = model.Keys.ElementAt(random.Next(model.Count - 1)); // never the newest
                    foreach (TaskState state in model[gone])
                    {
                        _index.Leave(gone, state);
                    }

                    model.Remove(gone);
                    _index.Remove(gone);
                    break;
                default:
                    TaskState[] states = [.. TaskStates.All.Where(_ => random.Next(4) == 0)];
                    long from = random.Next(3) == 0 ? long.MaxValue / Segment.Size : random.NextInt64(next + 70);
                    Assert.Equal(Scan(model, from, states), _index.FindAtMost(from, states));
                    break;
            }
        }

        void Toggle(HashSet<TaskState> held, long segment, TaskState state)
        {
            if (held.Add(state))
            {
                _index.Enter(segment, state);
            }
            else
            {
                held.Remove(state);
                _index.Leave(segment, state);
            }
        }
    }

    [Fact]
    public async Task FindAtMost_WhileATaskMoves_NeverMissesIt()
    {
        const int Moves = 200_000;
        _index.Add(1);
        _index.Add(5_000);
        _index.Enter(1, TaskState.Queued);
        Task moving = Task.Run(() =>
        {
            for (int i = 0; i < Moves; i++)
            {
                (TaskState from, TaskState to) = i % 2 == 0 ? (TaskState.Queued, TaskState.Processing) : (TaskState.Processing, TaskState.Queued);
                _index.BeginMove();
                _index.Enter(1, to);
                _index.Leave(1, from);
                _index.EndMove();
            }
        });

        while (!moving.IsCompleted)
        {
            long found = _index.FindAtMost(10_000, [TaskState.Processing, TaskState.Queued]);
            Assert.True(found is 1 or 5_000, $"Segment {found} was found."); // the newer one when it could not be told
        }

        await moving;
    }

    private static long Scan(SortedDictionary<long, HashSet<TaskState>> model, long from, TaskState[] states) =>
        model.Where(pair => pair.Key <= from && (states.Length == 0 || pair.Value.Overlaps(states))).Select(pair => pair.Key).DefaultIfEmpty(-1).Max();
}

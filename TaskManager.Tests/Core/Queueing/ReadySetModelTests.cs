using TaskManager.Queueing;

namespace TaskManager.Tests.Core.Queueing;

public sealed class ReadySetModelTests
{
    // Keys, types, priorities, and how many of 100 steps remove or return.
    private static readonly Dictionary<string, (int Keys, int Types, int Priorities, int Churn)> Shapes = new()
    {
        ["one lane, much churn"] = (0, 1, 1, 75),
        ["all together"] = (4, 5, 4, 30),
        ["a key for each task"] = (100_000, 2, 2, 20),
        ["many keys, much churn"] = (60, 2, 1, 80),
        ["all wait for their types"] = (2, 3, 2, 10),
    };

    public static MatrixTheoryData<string, int> Runs { get; } = new(Shapes.Keys, Enumerable.Range(1, 20));

    [Theory]
    [MemberData(nameof(Runs))]
    public void Take_RandomOperations_AgreesWithTheModel(string shape, int seed) => new Run(shape, seed).Steps(2_000);

    /// <summary>Does the same to the ready set and to the model, and compares their answers.</summary>
    private sealed class Run
    {
        private readonly string _name;
        private readonly (int Keys, int Types, int Priorities, int Churn) _shape;
        private readonly Random _random;
        private readonly ScopedReadySet _set = new();
        private readonly QueueModel _model = new();
        private readonly TypeQueue[] _types;
        private readonly List<QueuedItem> _ready = [];
        private readonly List<QueuedItem> _away = []; // held, or given back by a worker
        private readonly List<QueuedItem> _running = [];
        private TimeSpan _now = TimeSpan.FromSeconds(1000);
        private long _sequence;

        public Run(string shape, int seed)
        {
            _name = $"{shape}, seed {seed}";
            _shape = Shapes[shape];
            _random = new Random(seed);
            Action<TaskTypeOptions>[] rules =
            [
                type => type.MaxConcurrency = _shape.Types == 1 ? null : 1,
                type => type.Rate = new TaskRate(2, TimeSpan.FromSeconds(10)),
                type => (type.MaxConcurrency, type.Rate) = (3, new TaskRate(5, TimeSpan.FromSeconds(30))),
                _ => { },
                type => type.MaxConcurrency = 2,
            ];
            _types = [.. rules.Take(_shape.Types).Select((rule, index) => _set.NewType(Definitions.Type(rule, $"type{index}")))];
        }

        public void Steps(int count)
        {
            for (int step = 0; step < count; step++)
            {
                Step(step);
                Assert.Equal(_model.Ready, _types.Sum(type => type.Ready));
                Assert.Equal(_model.UntilRateAllows(_now), _set.UntilRateAllows(_now));
            }

            while (_ready.Count > 0) // at last all come out
            {
                Finish(all: true);
                _now += TimeSpan.FromMinutes(1);
                Take(count++);
            }

            Assert.Null(_set.Take(_now));
        }

        private void Step(int step)
        {
            if (_random.Next(100) < _shape.Churn)
            {
                // In waves, so that now most are away and now hardly any.
                if (_random.Next(100) < (step / 150 % 2 == 0 ? 35 : 65))
                {
                    Return();
                }
                else
                {
                    Remove();
                }

                return;
            }

            switch (_random.Next(10))
            {
                case < 5:
                    Insert();
                    break;
                case < 8:
                    Take(step);
                    break;
                case 8:
                    Finish(all: false);
                    break;
                default:
                    _now += _random.Next(3) == 0 ? _set.UntilRateAllows(_now) ?? TimeSpan.Zero : TimeSpan.FromTicks(_random.NextInt64(3 * TimeSpan.TicksPerSecond));
                    break;
            }
        }

        private void Insert()
        {
            var options = new SubmitOptions
            {
                Priority = (TaskPriority)_random.Next(_shape.Priorities),
                FairnessKey = _random.Next(_shape.Keys + 1) is > 0 and var key ? $"key{key}" : null,
            };
            TypeQueue type = _types[_random.Next(_types.Length)];
            Enter(new QueuedItem(Definitions.Task(options, type.Type, ++_sequence), type) { IsSuspended = _random.Next(4) == 0 });
        }

        private void Remove()
        {
            if (Pick(_ready) is { } item)
            {
                _set.Remove(item);
                _model.Remove(item.Definition);
                _away.Add(item);
            }
        }

        private void Return()
        {
            if (Pick(_away) is { } item)
            {
                Enter(item);
            }
        }

        private void Enter(QueuedItem item)
        {
            _set.Insert(item);
            _model.Insert(item.Definition, item.IsSuspended);
            _ready.Add(item);
        }

        private void Take(int step)
        {
            TaskDefinition? expected = _model.Take(_now);
            var taken = (QueuedItem?)_set.Take(_now);
            Assert.True(ReferenceEquals(expected, taken?.Definition), $"{_name}, step {step}: expected {expected?.Sequence}, got {taken}.");
            if (taken is not null)
            {
                Assert.False(taken.IsReady);
                taken.Queue.Counts[TaskState.Processing]++;
                _ready.Remove(taken);
                _running.Add(taken);
            }
        }

        private void Finish(bool all)
        {
            while (Pick(_running) is { } item)
            {
                item.Queue.Counts[TaskState.Processing]--;
                _model.Finish(item.Definition.Type);
                if (_random.Next(2) == 0)
                {
                    _away.Add(item);
                }

                if (!all)
                {
                    return;
                }
            }
        }

        private QueuedItem? Pick(List<QueuedItem> items)
        {
            if (items.Count == 0)
            {
                return null;
            }

            QueuedItem picked = items[_random.Next(items.Count)];
            items.Remove(picked);
            return picked;
        }
    }
}

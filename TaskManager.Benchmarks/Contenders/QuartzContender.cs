using Quartz;

namespace TaskManager.Benchmarks.Contenders;

/// <summary>Quartz in memory: each task is a job of its own with a trigger of its own that fires once, now.</summary>
internal sealed class QuartzContender : IContender
{
    private const string CountdownKey = "countdown";

    private readonly IScheduler _scheduler;

    private QuartzContender(IScheduler scheduler) => _scheduler = scheduler;

    public static async Task<IContender> CreateAsync()
    {
        IScheduler scheduler = await QuartzSchedulerBuilder.Create(quartz => quartz.UseInMemoryStore().UseDefaultThreadPool(5)).BuildScheduler();
        await scheduler.Start();
        return new QuartzContender(scheduler);
    }

    public async Task RunManyAsync(int tasks)
    {
        var countdown = new Countdown(tasks);
        for (int i = 0; i < tasks; i++)
        {
            IJobDetail job = JobBuilder.Create<SignalJob>().UsingJobData(CountdownKey, countdown).Build();
            await _scheduler.ScheduleJob(job, TriggerBuilder.Create().StartNow().Build());
        }

        await countdown.Reached;
    }

    public Task RunOneAsync() => RunManyAsync(1);

    public async ValueTask DisposeAsync() => await _scheduler.Shutdown();

    private sealed class SignalJob : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            ((Countdown)context.MergedJobDataMap[CountdownKey]!).Signal();
            return default;
        }
    }
}

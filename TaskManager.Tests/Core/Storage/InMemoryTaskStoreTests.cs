using TaskManager.Storage;

namespace TaskManager.Tests.Core.Storage;

public sealed class InMemoryTaskStoreTests : TaskStoreContract
{
    protected override ITaskStore CreateStore(TaskManagerOptions options, TimeProvider clock) => new InMemoryTaskStore(options, clock);
}

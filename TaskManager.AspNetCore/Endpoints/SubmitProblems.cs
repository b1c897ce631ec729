using TaskManager.AspNetCore.Answers;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary>Says over HTTP why a submission was not accepted.</summary>
internal static class SubmitProblems
{
    public static Problem Of(SubmitResult refused, TaskTypeRegistry types) => refused switch
    {
        SubmitResult.Invalid invalid => Problems.Invalid(invalid.Errors),
        SubmitResult.UnknownType unknown => Problems.UnknownTaskType(unknown, types),
        SubmitResult.KeyReused => Problems.KeyReused(),
        SubmitResult.QueueFull => Problems.QueueFull(),
        SubmitResult.Stopping => Problems.Stopping(),
        SubmitResult.NotTried => Problems.NotTried(),
        _ => throw new ArgumentOutOfRangeException(nameof(refused), refused, "No refusal."),
    };
}

using TaskManager.AspNetCore.Answers;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Ends the handling of a bad request from however deep inside its reading; the guard around every endpoint turns it into the answer.</summary>
internal sealed class RequestRefusedException(Problem problem) : Exception
{
    public Problem Problem => problem;
}

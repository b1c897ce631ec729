using System.Runtime.InteropServices;
using TaskManager.Benchmarks;
using TaskManager.Benchmarks.Http;

if (args is [Echo.Verb, .. string[] options])
{
    return await Echo.RunAsync(options);
}

// Without this, a signal would end the process and leave the servers behind that it has started.
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(143));
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Environment.Exit(130));
return await Driver.RunAsync(args);

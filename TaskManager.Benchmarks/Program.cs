using TaskManager.Benchmarks;
using TaskManager.Benchmarks.Http;

return args is [Echo.Verb, .. string[] options] ? await Echo.RunAsync(options) : await Driver.RunAsync(args);

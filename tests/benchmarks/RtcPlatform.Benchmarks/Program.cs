using BenchmarkDotNet.Running;

// In this process and in short iterations unless told otherwise: ratios need neighbours in time more than long runs, and the
// project that BenchmarkDotNet would generate and build takes longer than the measuring.
string[] defaults = [.. Default("--inProcess"), .. Default("--iterationTime", "100")];
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. args, .. defaults]);

string[] Default(params string[] option) =>
    args.Length == 0 || args.Contains(option[0], StringComparer.OrdinalIgnoreCase) ? [] : option;

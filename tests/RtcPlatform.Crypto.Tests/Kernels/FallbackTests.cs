using System.Diagnostics;
using RtcPlatform.Crypto.Kernels;

namespace RtcPlatform.Crypto.Tests.Kernels;

/// <summary>
/// The kernels' tests once more on a CPU that has less, as the runtime's own switches make it: there the JIT compiles
/// other branches than here, which forcing a kernel does not show.
/// </summary>
public sealed class FallbackTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512", CipherKernel.Narrow)]
    [InlineData("DOTNET_EnableAVX2", CipherKernel.Narrow)]
    [InlineData("DOTNET_EnableVAES", CipherKernel.Narrow)]
    [InlineData("DOTNET_EnableAES", CipherKernel.OpenSsl)]
    [InlineData("DOTNET_EnableHWIntrinsic", CipherKernel.OpenSsl)]
    internal async Task Without_it_the_results_are_the_same(string instructions, CipherKernel best)
    {
        Assert.SkipUnless(CipherKernels.IsNarrowSupported, "this CPU has no AES instructions to take away");
        using var child = Process.Start(ChildWithout(instructions, best))!;
        var errors = child.StandardError.ReadToEndAsync();
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0 && !output.Contains("Total: 0", StringComparison.Ordinal), output + await errors);
    }

    private static ProcessStartInfo ChildWithout(string instructions, CipherKernel best)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(FallbackTests).Assembly.Location);
        Type[] suites =
        [
            typeof(KernelChoiceTests), typeof(AesGcmKeyTests), typeof(CounterAndMacTests), typeof(GuardPageTests), typeof(RefusalTests),
            typeof(HmacSha1BatchTests),
        ];
        foreach (var tests in suites)
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add(tests.FullName!);
        }

        start.Environment[instructions] = "0";
        start.Environment[KernelChoiceTests.ExpectedKernel] = best.ToString();
        return start;
    }
}

/// <summary>Also run in a process that says what to expect: so the tests know that something was really taken away.</summary>
public sealed class KernelChoiceTests
{
    internal const string ExpectedKernel = "RTC_TEST_EXPECTED_KERNEL";

    [Fact]
    public void The_fastest_supported_kernel_is_chosen() => Assert.Equal(
        Environment.GetEnvironmentVariable(ExpectedKernel) ?? Available.Kernels.Last().Data,
        CipherKernels.Best.ToString());
}

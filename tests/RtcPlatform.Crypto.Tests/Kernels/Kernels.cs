using RtcPlatform.Crypto.Kernels;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Crypto.Tests.Kernels;

/// <summary>Rows for theories: what this CPU can run.</summary>
public static class Available
{
    public static TheoryData<string> Kernels => [.. All.Select(kernel => kernel.ToString())];

    public static TheoryData<SrtpProfile, string> ProfilesAndKernels
    {
        get
        {
            var rows = new TheoryData<SrtpProfile, string>();
            foreach (var profile in Enum.GetValues<SrtpProfile>())
            {
                foreach (var kernel in All)
                {
                    rows.Add(profile, kernel.ToString());
                }
            }

            return rows;
        }
    }

    internal static CipherKernel Kernel(string name) => Enum.Parse<CipherKernel>(name);

    private static IEnumerable<CipherKernel> All
    {
        get
        {
            yield return CipherKernel.OpenSsl;
            if (CipherKernels.IsNarrowSupported)
            {
                yield return CipherKernel.Narrow;
            }

            if (CipherKernels.IsWideSupported)
            {
                yield return CipherKernel.Wide;
            }
        }
    }
}

using System.Runtime.InteropServices;
using RtcPlatform.Crypto.Kernels;

namespace RtcPlatform.Crypto.Tests.Kernels;

/// <summary>Buffers that touch forbidden pages on both sides: a read or write of one byte too many ends the process.</summary>
public sealed unsafe class GuardPageTests : IDisposable
{
    private const int Page = 4096;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    /// <summary>Twice: forbidden page, usable page; then a last forbidden one.</summary>
    private readonly byte* _pages;

    public GuardPageTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mmap as on Linux");
        _pages = (byte*)mmap(0, 5 * Page, ReadWrite, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, (nint)_pages);
        for (var forbidden = 0; forbidden < 5; forbidden += 2)
        {
            Assert.Equal(0, mprotect(_pages + forbidden * Page, Page, 0));
        }
    }

    [Theory]
    [MemberData(nameof(Available.Kernels), MemberType = typeof(Available))]
    public void No_kernel_touches_a_byte_outside_its_spans(string kernelName)
    {
        using var gcm = new AesGcmKey(new byte[16], Available.Kernel(kernelName));
        using var ctr = new AesCtrKey(new byte[32], Available.Kernel(kernelName));
        var counter = AesGcmKey.FirstCounter(new byte[12]);
        var first = _pages + Page;
        var second = _pages + 3 * Page;
        for (var length = 0; length <= 700; length++)
        {
            foreach (var atEnd in new[] { true, false })
            {
                var source = new Span<byte>(atEnd ? first + Page - length : first, length);
                var target = new Span<byte>(atEnd ? second + Page - length - 16 : second, length + 16);
                var associated = atEnd ? source[^Math.Min(length, 40)..] : source[..Math.Min(length, 40)];
                gcm.Encrypt(counter, associated, source, target);
                Assert.True(gcm.TryDecryptInPlace(counter, associated, target));
                Assert.True(target[..length].SequenceEqual(source));
                ctr.Transform(counter, source, source);
            }
        }
    }

    public void Dispose()
    {
        if (_pages != null)
        {
            _ = munmap(_pages, 5 * Page);
        }
    }

    [DllImport("libc")]
    private static extern nint mmap(nint address, nuint length, int protection, int flags, int file, long offset);

    [DllImport("libc")]
    private static extern int mprotect(byte* address, nuint length, int protection);

    [DllImport("libc")]
    private static extern int munmap(byte* address, nuint length);
}

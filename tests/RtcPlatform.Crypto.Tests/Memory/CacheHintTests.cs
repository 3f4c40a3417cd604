using RtcPlatform.Crypto.Memory;

namespace RtcPlatform.Crypto.Tests.Memory;

public sealed unsafe class CacheHintTests
{
    [Fact]
    public void A_hint_changes_nothing_faults_nowhere_and_allocates_nothing()
    {
        var octets = Enumerable.Range(0, 100).Select(static n => (byte)n).ToArray();
        var tiny = new object();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1_000; round++)
        {
            CacheHint.Fetch(octets, 1_024);
            CacheHint.Fetch(tiny, 256);
            CacheHint.Fetch((byte*)null, 256);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(Enumerable.Range(0, 100).Select(static n => (byte)n), octets);
    }
}

using RtcPlatform.Crypto.Kernels;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Benchmarks.Srtp;

/// <summary>Keys out of seeds, so that every run computes the same.</summary>
internal static class Keys
{
    public static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static SrtpKeyMaterial Material(SrtpProfile profile, int seed) => new(profile, Bytes(seed, profile.ExporterLength));

    /// <summary>As many as a packet's subscribers: each next packet finds its keys a little colder, as in a fan-out.</summary>
    public static SrtpSender[] Senders(SrtpProfile profile, CipherKernel kernel, int count)
    {
        return [.. Enumerable.Range(0, count).Select(seed => new SrtpSender(profile, Session(seed), kernel))];

        SessionKeys Session(int seed) => SessionKeys.Derive(profile, Bytes(seed, profile.KeyLength), Bytes(seed + count, profile.SaltLength));
    }
}

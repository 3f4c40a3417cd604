using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using RtcPlatform.Cli.Up;

namespace RtcPlatform.Cli.Doctor;

/// <summary>What the machine offers, whether or not anything runs on it.</summary>
internal static partial class MachineChecks
{
    /// <summary>What a media node asks for (its receive buffer at 100 Mbit/s lasts a third of a second).</summary>
    private const long WantedBuffer = 4 * 1024 * 1024;

    private const int SolUdp = 17;
    private const int UdpSegment = 103;

    public static IEnumerable<Finding> All() => [Runtime(), OpenSsl(), Cpu(), UdpBuffers(), Segmentation(), Postgres()];

    private static Finding Runtime() => Environment.Version.Major >= 10
        ? Finding.Ok(
            ".NET", $"{Environment.Version} on {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors")
        : Finding.Fail(".NET", $"{Environment.Version}", "install the .NET 10 SDK");

    private static Finding OpenSsl()
    {
        const string Install = "install OpenSSL 3 (Debian, Ubuntu: sudo apt-get install libssl3)";
        if (!NativeLibrary.TryLoad("libssl.so.3", out _))
        {
            return Finding.Fail("libssl", "libssl.so.3 is not there", Install);
        }

        try
        {
            string version = Marshal.PtrToStringUTF8(OpenSslVersion(0)) ?? "";
            return version.StartsWith("OpenSSL 3.", StringComparison.Ordinal)
                ? Finding.Ok("libssl", version)
                : Finding.Warn("libssl", $"{version}, only tried with OpenSSL 3", Install);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return Finding.Fail("libssl", error.Message, Install);
        }
    }

    private static Finding Cpu()
    {
        (string Name, bool There)[] features =
        [
            ("AES", Aes.IsSupported || System.Runtime.Intrinsics.Arm.Aes.IsSupported),
            ("PCLMULQDQ", Pclmulqdq.IsSupported || System.Runtime.Intrinsics.Arm.Aes.IsSupported),
            ("AVX2", Avx2.IsSupported),
            ("AVX-512", Avx512F.IsSupported),
        ];
        string detail = string.Join(", ", features.Select(static f => f.There ? f.Name : "no " + f.Name));
        return features[0].There && features[1].There
            ? Finding.Ok("CPU", detail)
            : Finding.Warn(
                "CPU", detail, "media encryption falls back to OpenSSL, at several times the cost; use a newer machine type");
    }

    private static Finding UdpBuffers()
    {
        string[] names = ["rmem_max", "wmem_max"];
        var low = new List<string>();
        var all = new List<string>();
        foreach (string name in names)
        {
            string file = "/proc/sys/net/core/" + name;
            if (!File.Exists(file)
                || !long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long limit))
            {
                return Finding.Warn("UDP buffers", $"{file} cannot be read", "make sure that sockets get buffers of 4 MiB");
            }

            all.Add($"net.core.{name} {limit / 1024} KiB");
            if (limit < WantedBuffer)
            {
                low.Add($"net.core.{name}={WantedBuffer}");
            }
        }

        string detail = string.Join(", ", all);
        return low.Count == 0
            ? Finding.Ok("UDP buffers", detail)
            : Finding.Warn("UDP buffers", $"{detail}: bursts may be lost", $"sudo sysctl -w {string.Join(' ', low)}");
    }

    /// <summary>UDP_SEGMENT (Linux 4.18): many datagrams in one system call.</summary>
    private static Finding Segmentation()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.SetRawSocketOption(SolUdp, UdpSegment, BitConverter.GetBytes(1200));
            return Finding.Ok("UDP segmentation", "GSO is there");
        }
        catch (SocketException error)
        {
            return Finding.Warn(
                "UDP segmentation",
                $"no GSO ({error.SocketErrorCode})",
                "a kernel of 4.18 or later sends with fewer system calls");
        }
    }

    private static Finding Postgres()
    {
        const string Check = "PostgreSQL";
        return PrivatePostgres.FindBinaries() is { } folder
            ? Finding.Ok(Check, $"{Version(Path.Combine(folder, "initdb"))} in {folder}")
            : Finding.Warn(
                Check, "not installed", "needed unless --database names a server: sudo apt-get install postgresql");
    }

    private static string Version(string program) => Programs.Run(program, ["--version"], TimeSpan.FromSeconds(10)).Output;

    [LibraryImport("libcrypto.so.3", EntryPoint = "OpenSSL_version")]
    private static partial nint OpenSslVersion(int what);
}

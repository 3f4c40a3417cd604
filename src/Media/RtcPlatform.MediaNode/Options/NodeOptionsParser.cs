using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.MediaNode.Options;

/// <summary>Reads the command line; whatever is wrong is one line that names the option.</summary>
public static class NodeOptionsParser
{
    public const string SecretVariable = "RTC_NODE_SECRET";

    public const string Usage =
        """
        usage: RtcPlatform.MediaNode --server ws://host:port/node [options]
          --server URL         control plane to dial (ws or wss)
          --media-port N       first UDP port (7882); each further shard takes the next
          --host IP            address to bind (0.0.0.0)
          --announce IP,IP     addresses that clients are told (default: host, or all interfaces)
          --node-id NAME       stable name of this node (machine name)
          --region NAME        where it stands (local)
          --shards N           forwarding threads, 1 to 64 (1)
          --shard-capacity N   packets per second, in and out, that a shard takes on, 1000 to 10000000 (100000)
          --gather-us N        microseconds that a busy shard waits for more packets, 0 to 10000 (1000)
          --srtp-profiles P,P  AEAD_AES_128_GCM, AEAD_AES_256_GCM, AES128_CM_HMAC_SHA1_80, favourite first (all, in this order)
        environment: RTC_NODE_SECRET, the secret shared with the control plane
        """;

    /// <param name="secret">The value of <see cref="SecretVariable"/>.</param>
    public static bool TryParse(
        IReadOnlyList<string> arguments,
        string? secret,
        [NotNullWhen(true)] out NodeOptions? options,
        [NotNullWhen(false)] out string? error)
    {
        options = null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        error = Collect(arguments, values);
        if (error is not null)
        {
            return false;
        }

        if (!values.TryGetValue("--server", out string? server))
        {
            error = "--server is missing, for example --server ws://127.0.0.1:7880/node";
        }
        else if (!Uri.TryCreate(server, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("ws" or "wss"))
        {
            error = $"--server must be a ws:// or wss:// address, not '{server}'";
        }
        else if (string.IsNullOrEmpty(secret))
        {
            error = $"the environment variable {SecretVariable} is not set";
        }
        else
        {
            options = Apply(values, new NodeOptions { Server = uri, Secret = secret }, out error);
        }

        return options is not null;
    }

    private static string? Collect(IReadOnlyList<string> arguments, Dictionary<string, string> values)
    {
        for (int index = 0; index < arguments.Count; index++)
        {
            string name = arguments[index];
            string? value = null;
            if (name.IndexOf('=', StringComparison.Ordinal) is var equals and > 0)
            {
                (name, value) = (name[..equals], name[(equals + 1)..]);
            }

            if (name is not ("--server" or "--media-port" or "--host" or "--announce" or "--node-id" or "--region" or "--shards"
                or "--shard-capacity" or "--gather-us" or "--srtp-profiles"))
            {
                return $"unknown option '{name}'";
            }

            if (value is null && ++index < arguments.Count)
            {
                value = arguments[index];
            }

            if (string.IsNullOrEmpty(value))
            {
                return $"{name} needs a value";
            }

            values[name] = value;
        }

        return null;
    }

    private static NodeOptions? Apply(Dictionary<string, string> values, NodeOptions options, out string? error)
    {
        error = null;
        foreach ((string name, string value) in values)
        {
            switch (name)
            {
                case "--media-port" when TryNumber(value, 0, 65_535, out int port):
                    options = options with { MediaPort = port };
                    break;
                case "--shards" when TryNumber(value, 1, 64, out int shards):
                    options = options with { Shards = shards };
                    break;
                case "--shard-capacity" when TryNumber(value, 1_000, 10_000_000, out int packets):
                    options = options with { ShardCapacity = packets };
                    break;
                case "--gather-us" when TryNumber(value, 0, 10_000, out int microseconds):
                    options = options with { GatherFor = TimeSpan.FromMicroseconds(microseconds) };
                    break;
                case "--host" when IPAddress.TryParse(value, out IPAddress? host):
                    options = options with { Host = host };
                    break;
                case "--announce" when TryAddresses(value, out ImmutableArray<IPAddress> addresses):
                    options = options with { Announce = addresses };
                    break;
                case "--node-id" when IsName(value):
                    options = options with { NodeId = value };
                    break;
                case "--region" when IsName(value):
                    options = options with { Region = value };
                    break;
                case "--srtp-profiles" when SrtpProfileNames.TryParseList(value, out ImmutableArray<SrtpProfile> profiles):
                    options = options with { SrtpProfiles = profiles };
                    break;
                case "--server":
                    break;
                default:
                    error = $"{name} cannot be '{value}'; {Expected(name)}";
                    return null;
            }
        }

        if (options.MediaPort != 0 && options.MediaPort + options.Shards > 65_536)
        {
            error = $"--media-port {options.MediaPort} leaves no room for {options.Shards} shards below 65536";
            return null;
        }

        return options;
    }

    private static bool TryNumber(string text, int least, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;

    private static bool TryAddresses(string text, out ImmutableArray<IPAddress> addresses)
    {
        ImmutableArray<IPAddress>.Builder found = ImmutableArray.CreateBuilder<IPAddress>();
        addresses = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!IPAddress.TryParse(part, out IPAddress? address))
            {
                return false;
            }

            found.Add(address);
        }

        addresses = found.ToImmutable();
        return true;
    }

    private static bool IsName(string text) =>
        text.Length <= 64 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static string Expected(string name) => name switch
    {
        "--media-port" => "it takes a number from 0 to 65535",
        "--shards" => "it takes a number from 1 to 64",
        "--shard-capacity" => "it takes a number from 1000 to 10000000",
        "--gather-us" => "it takes a number from 0 to 10000",
        "--host" => "it takes one IP address",
        "--announce" => "it takes IP addresses, separated by commas",
        "--srtp-profiles" => "it takes names of SRTP profiles, separated by commas, each once",
        _ => "it takes up to 64 letters, digits, '-', '_' and '.'",
    };
}

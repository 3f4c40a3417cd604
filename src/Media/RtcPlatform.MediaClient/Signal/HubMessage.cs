using System.Buffers;
using System.Text.Json;

namespace RtcPlatform.MediaClient.Signal;

/// <summary>
/// Messages of SignalR's JSON hub protocol (aspnetcore, src/SignalR/docs/specs/HubProtocol.md), each ended by the octet
/// 0x1E. Only what a client of one hub needs: invocations, completions, pings and close; no streams.
/// </summary>
internal static class HubMessage
{
    public const byte RecordSeparator = 0x1E;
    public const int Invocation = 1;
    public const int Completion = 3;
    public const int Ping = 6;
    public const int Close = 7;

    public static readonly ReadOnlyMemory<byte> Handshake = "{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray();

    public static readonly ReadOnlyMemory<byte> PingMessage = "{\"type\":6}\u001e"u8.ToArray();

    /// <param name="id">Null when no answer is wanted.</param>
    /// <param name="argument">Null for a method without parameters.</param>
    public static ReadOnlyMemory<byte> WriteInvocation(string? id, string target, object? argument)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("type", Invocation);
            if (id is not null)
            {
                json.WriteString("invocationId", id);
            }

            json.WriteString("target", target);
            json.WriteStartArray("arguments");
            if (argument is not null)
            {
                JsonSerializer.Serialize(json, argument, argument.GetType(), SignalJson.Options);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.Write([RecordSeparator]);
        return buffer.WrittenMemory;
    }
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RtcPlatform.Signaling.Contract;

namespace RtcPlatform.Signaling.Protocol;

/// <summary>
/// SignalR's JSON protocol, in which every error, of a call or of the connection, is the JSON of a <see cref="SignalFailure"/>.
/// SignalR itself writes a sentence before a hub error, and hides why it closes a connection.
/// </summary>
internal sealed class SignalProtocol(JsonHubProtocol json, ResponseOrder order, int maximumMessageBytes) : IHubProtocol
{
    private const string BeforeDetail = "HubException: ";

    public string Name => json.Name;

    public int Version => json.Version;

    public TransferFormat TransferFormat => json.TransferFormat;

    public bool IsVersionSupported(int version) => json.IsVersionSupported(version);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => json.GetMessageBytes(WithPlainError(message));

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
    {
        json.WriteMessage(WithPlainError(message), output);
        order.Written((message as CompletionMessage)?.Result);
    }

    /// <exception cref="HubException">The connection cannot go on; SignalR closes it with this reason.</exception>
    public bool TryParseMessage(
        ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        long before = input.Length;
        bool parsed = Parse(ref input, binder, out message);
        long size = parsed ? before - input.Length : before;
        if (size > maximumMessageBytes)
        {
            throw Refusal.Of(SignalErrorCode.TooLarge, $"A message may have at most {maximumMessageBytes} octets.");
        }

        if (message is InvocationBindingFailureMessage failure)
        {
            message = new InvocationBindingFailureMessage(
                failure.InvocationId,
                failure.Target,
                ExceptionDispatchInfo.Capture(Refusal.Of(SignalErrorCode.InvalidRequest, Misfit(failure))));
        }

        return parsed;
    }

    private bool Parse(ref ReadOnlySequence<byte> input, IInvocationBinder binder, out HubMessage? message)
    {
        try
        {
            return json.TryParseMessage(ref input, binder, out message);
        }
        catch (Exception garbage) when (garbage is InvalidDataException or JsonException or InvalidOperationException)
        {
            throw Refusal.Of(SignalErrorCode.InvalidRequest, "The message is not JSON of the SignalR protocol.");
        }
    }

    private static string Misfit(InvocationBindingFailureMessage failure)
    {
        for (Exception? cause = failure.BindingFailure.SourceException; cause is not null; cause = cause.InnerException)
        {
            if (cause is JsonException { Path: { } path })
            {
                return $"The arguments of {failure.Target} do not fit at {path}.";
            }
        }

        return $"The arguments of {failure.Target} do not fit.";
    }

    private static HubMessage WithPlainError(HubMessage message) => message switch
    {
        CompletionMessage { Error: { } error } completion => new CompletionMessage(
            completion.InvocationId!, PlainError(error), result: null, hasResult: false),
        CloseMessage { Error: { } error } close => new CloseMessage(PlainError(error), close.AllowReconnect),
        _ => message,
    };

    private static string PlainError(string error)
    {
        if (error.StartsWith('{'))
        {
            return error;
        }

        int detail = error.IndexOf(BeforeDetail, StringComparison.Ordinal);
        string text = detail < 0 ? error : error[(detail + BeforeDetail.Length)..];
        return text.StartsWith('{') ? text : SignalJson.Write(new SignalFailure(SignalErrorCode.InvalidRequest, text));
    }
}

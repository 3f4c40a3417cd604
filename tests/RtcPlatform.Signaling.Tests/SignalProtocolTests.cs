using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using RtcPlatform.Signaling.Contract;
using RtcPlatform.Signaling.Protocol;

namespace RtcPlatform.Signaling.Tests;

public sealed class SignalProtocolTests
{
    private const int Limit = 1000;
    private readonly SignalProtocol _protocol = Create();

    [Fact]
    public void A_hub_error_reaches_the_client_as_the_failure_alone()
    {
        string failure = SignalJson.Write(new SignalFailure(SignalErrorCode.RoomFull, "It is full."));

        string written = Write(CompletionMessage.WithError("7", "An unexpected error occurred. HubException: " + failure));

        using JsonDocument message = JsonDocument.Parse(written.TrimEnd('\u001e'));
        Assert.Equal(failure, message.RootElement.GetProperty("error").GetString());
        Assert.Equal("""{"code":"room_full","message":"It is full."}""", failure);
    }

    [Theory]
    [InlineData("Unknown hub method 'Nope'")]
    [InlineData("An unexpected error. HubException: Unknown hub method 'Nope'")]
    public void What_SignalR_refuses_itself_is_an_invalid_request(string error)
    {
        string written = Write(CompletionMessage.WithError("7", error));

        using JsonDocument message = JsonDocument.Parse(written.TrimEnd('\u001e'));
        SignalFailure failure = JsonSerializer.Deserialize<SignalFailure>(
            message.RootElement.GetProperty("error").GetString()!, SignalJson.Options)!;
        Assert.Equal(SignalErrorCode.InvalidRequest, failure.Code);
    }

    [Fact]
    public void A_close_says_why()
    {
        string failure = SignalJson.Write(new SignalFailure(SignalErrorCode.TooLarge, "Too large."));

        Assert.Contains("too_large", Write(new CloseMessage("Connection closed with an error. HubException: " + failure)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_at_the_limit_passes_and_one_octet_more_does_not()
    {
        Assert.IsType<InvocationMessage>(Parse(Invocation(Limit)));

        HubException refused = Assert.Throws<HubException>(() => Parse(Invocation(Limit + 1)));
        Assert.StartsWith("""{"code":"too_large""", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_without_an_end_is_refused_at_the_limit_and_waited_for_below()
    {
        Assert.Null(Parse(new string('x', Limit)));
        Assert.Throws<HubException>(() => Parse(new string('x', Limit + 1)));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"type\":\"one\"}")]
    [InlineData("{\"type\":1}")]
    [InlineData("\0")]
    public void Garbage_is_an_invalid_request_or_nothing_at_all(string garbage)
    {
        try
        {
            Assert.False(Parse(garbage + '\u001e') is HubInvocationMessage);
        }
        catch (HubException refused)
        {
            Assert.StartsWith("""{"code":"invalid_request""", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"room":null}""")]
    [InlineData("""{"token":null,"autoSubscribe":true,"client":{"sdk":"js","version":"1"}}""")]
    [InlineData("""{"token":"t","autoSubscribe":"yes","client":{"sdk":"js","version":"1"}}""")]
    [InlineData("""{"token":"t","autoSubscribe":true}""")]
    [InlineData("7")]
    public void Arguments_that_do_not_fit_fail_as_an_invalid_request(string argument)
    {
        string text = $$"""{"type":1,"invocationId":"1","target":"Join","arguments":[{{argument}}]}""" + '\u001e';

        InvocationBindingFailureMessage message = Assert.IsType<InvocationBindingFailureMessage>(Parse(text));

        Assert.StartsWith(
            """{"code":"invalid_request""", message.BindingFailure.SourceException.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_be_null_may_be_left_out()
    {
        const string Argument = """{"token":"t","autoSubscribe":true,"client":{"sdk":"js","version":"1"}}""";
        string text = $$"""{"type":1,"invocationId":"1","target":"Join","arguments":[{{Argument}}]}""" + '\u001e';

        InvocationMessage message = Assert.IsType<InvocationMessage>(Parse(text));

        Assert.Equal(new JoinRequest("t", null, true, null, new ClientInfo("js", "1", null)), message.Arguments[0]);
    }

    [Fact]
    public void Members_are_camel_case_enums_snake_case_and_keys_as_they_are()
    {
        string track = JsonSerializer.Serialize(
            new PublishRequest(TrackKind.Video, TrackSource.ScreenShareAudio, "n", false, 1, 2), SignalJson.Options);
        string answer = JsonSerializer.Serialize(
            new Answer(1, "", new Dictionary<string, string> { ["Mid_A"] = "TR_Xy" }, 0, 0), SignalJson.Options);

        Assert.Equal("""{"kind":"video","source":"screen_share_audio","name":"n","muted":false,"width":1,"height":2}""", track);
        Assert.Contains("""{"Mid_A":"TR_Xy"}""", answer, StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TrackKind>("1", SignalJson.Options));
    }

    private static SignalProtocol Create()
    {
        JsonHubProtocolOptions options = new();
        SignalJson.Configure(options.PayloadSerializerOptions);
        return new SignalProtocol(new JsonHubProtocol(Microsoft.Extensions.Options.Options.Create(options)), new ResponseOrder(), Limit);
    }

    private static string Invocation(int length)
    {
        string message = """{"type":1,"target":"Leave","arguments":[],"padding":"@"}""" + '\u001e';
        return message.Replace("@", new string('x', length - message.Length + 1), StringComparison.Ordinal);
    }

    private HubMessage? Parse(string text)
    {
        ReadOnlySequence<byte> input = new(Encoding.UTF8.GetBytes(text));
        return _protocol.TryParseMessage(ref input, new HubBinder(), out HubMessage? message) ? message : null;
    }

    private string Write(HubMessage message) => Encoding.UTF8.GetString(_protocol.GetMessageBytes(message).Span);

    private sealed class HubBinder : IInvocationBinder
    {
        public Type GetReturnType(string invocationId) => typeof(object);

        public IReadOnlyList<Type> GetParameterTypes(string methodName) =>
            [.. typeof(IRoomHub).GetMethod(methodName)!.GetParameters().Select(parameter => parameter.ParameterType)];

        public Type GetStreamItemType(string streamId) => typeof(object);
    }
}

using GrainCode = RtcPlatform.Grains.Contracts.SignalErrorCode;
using GrainReason = RtcPlatform.Grains.Contracts.DisconnectReason;

namespace RtcPlatform.Signaling.Tests;

/// <summary>The grains' enums are translated by value.</summary>
public sealed class ContractMirrorTests
{
    [Fact]
    public void Error_codes_are_the_same_on_both_sides() =>
        Assert.Equal(Pairs<GrainCode>(), Pairs<Contract.SignalErrorCode>());

    [Fact]
    public void Disconnect_reasons_are_the_same_on_both_sides() =>
        Assert.Equal(Pairs<GrainReason>(), Pairs<Contract.DisconnectReason>());

    [Fact]
    public void Kinds_of_participants_are_the_same_on_both_sides() =>
        Assert.Equal(Pairs<Grains.Contracts.ParticipantKind>(), Pairs<Contract.ParticipantKind>());

    private static IEnumerable<string> Pairs<TEnum>()
        where TEnum : struct, Enum =>
        Enum.GetValues<TEnum>().Select(value => $"{Convert.ToInt32(value)} {value}");
}

using RtcPlatform.EmbeddedOrleans.Rules;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.Tests;

public sealed class InterfaceRuleTests
{
    [Fact]
    public void Every_grain_interface_can_be_called_over_a_wire()
    {
        Assert.Contains(typeof(IRoomGrain), GrainInterfaceRules.InterfacesIn(typeof(IRoomGrain).Assembly));
        Assert.Empty(GrainInterfaceRules.Check(typeof(IRoomGrain).Assembly));
    }

    [Fact]
    public void Leave_reasons_are_the_contracts_disconnect_reasons()
    {
        Assert.Equal(Enum.GetNames<DisconnectReason>(), Enum.GetNames<RtcPlatform.Domain.Rooms.LeaveReason>());
    }
}

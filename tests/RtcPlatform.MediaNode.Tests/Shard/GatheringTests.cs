using RtcPlatform.MediaNode.Shard;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Tests.Shard;

/// <summary>A shard waits for more only where that has something to win.</summary>
public sealed class GatheringTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan ShortTurn = TimeSpan.FromMicroseconds(200);

    [Fact]
    public void It_waits_once_the_last_interval_was_busy()
    {
        var gathering = new Gathering(Window);

        Assert.Equal(TimeSpan.Zero, gathering.Wait());
        MakeBusy(ref gathering);
        Assert.Equal(Window, gathering.Wait());
    }

    [Fact]
    public void It_goes_on_at_once_when_turns_take_as_long_as_the_wait()
    {
        var gathering = new Gathering(Window);
        MakeBusy(ref gathering);

        gathering.Sent(At(250), Window, 2_001);
        Assert.Equal(TimeSpan.Zero, gathering.Wait());
    }

    [Fact]
    public void It_gives_up_when_nothing_comes_and_tries_again_now_and_then()
    {
        var gathering = new Gathering(Window);
        MakeBusy(ref gathering);
        for (int wait = 0; wait < Gathering.FruitlessWaits; wait++)
        {
            Assert.Equal(Window, gathering.Wait());
            gathering.Gathered(0);
        }

        for (int round = 0; round < 3; round++)
        {
            for (int turn = 1; turn < Gathering.TurnsPerTrial; turn++)
            {
                Assert.Equal(TimeSpan.Zero, gathering.Wait());
            }

            Assert.Equal(Window, gathering.Wait());
            gathering.Gathered(0);
        }
    }

    [Fact]
    public void One_wait_in_which_something_came_brings_it_back()
    {
        var gathering = new Gathering(Window);
        MakeBusy(ref gathering);
        for (int wait = 0; wait <= Gathering.FruitlessWaits; wait++)
        {
            gathering.Gathered(0);
        }

        gathering.Gathered(1);
        Assert.Equal(Window, gathering.Wait());
    }

    private static void MakeBusy(ref Gathering gathering)
    {
        gathering.Sent(At(100), ShortTurn, 1_000);
        gathering.Sent(At(200), ShortTurn, 2_000);
    }

    private static MonoTime At(int milliseconds) => MonoTime.Zero + TimeSpan.FromMilliseconds(milliseconds);
}

using Orleans;
using Orleans.Serialization;
using RtcPlatform.EmbeddedOrleans.Rules;
using RtcPlatform.EmbeddedOrleans.Simulation;

namespace RtcPlatform.EmbeddedOrleans.Tests.Rules;

public sealed class NoSerializer
{
    public int X { get; set; }
}

[GenerateSerializer]
public sealed class MissingId
{
    [Id(0)]
    public int Has { get; set; }

    public int Lacks { get; set; }
}

[GenerateSerializer]
public sealed class RepeatedId
{
    [Id(1)]
    public int A { get; set; }

    [Id(1)]
    public int B { get; set; }
}

[GenerateSerializer]
public sealed record Nested(List<Dictionary<string, NoSerializer>> Deep);

public interface IBroken : IGrainWithStringKey
{
    string NoTask();

    void Void();

    Task<NoSerializer> Result();

    Task Argument(MissingId value);

    Task Twice(RepeatedId value);

    Task Deep(Nested value);

    Task Callback(Action value);

    Task ByRef(in int value);

    int Property { get; }
}

public interface ISound : IGrainWithStringKey
{
    IAsyncEnumerable<int> Stream();

    ValueTask<IReadOnlyDictionary<string, int[]>> Fine(IWatcher watcher, ISound other, CancellationToken token, Exception? error);
}

public interface IWatcher : IGrainObserver
{
    void Seen(int number);
}

public class GrainInterfaceRulesTests
{
    [Fact]
    public void Every_mistake_is_reported_with_its_place()
    {
        var found = GrainInterfaceRules.Check(typeof(IBroken).Assembly)
            .Where(v => v.Member.StartsWith("IBroken.", StringComparison.Ordinal))
            .Select(v => v.ToString())
            .ToArray();

        Assert.Equal(
            [
                "IBroken.Argument: argument value: MissingId.Lacks: needs an [Id]",
                "IBroken.ByRef: argument value is ref, in or out",
                "IBroken.Callback: argument value: Action: Action cannot be serialized",
                "IBroken.Deep: argument value: Nested.Deep<Dictionary`2><NoSerializer>: NoSerializer has no [GenerateSerializer]",
                "IBroken.NoTask: returns String; a grain's method returns Task, ValueTask or IAsyncEnumerable",
                "IBroken.Property: grain interfaces have methods only, no properties",
                "IBroken.Result: result NoSerializer: NoSerializer has no [GenerateSerializer]",
                "IBroken.Twice: argument value: RepeatedId: [Id(1)] is on A and B",
                "IBroken.Void: returns void; a grain's method returns a task",
            ],
            found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void All_other_interfaces_of_this_assembly_are_sound()
    {
        Assert.Contains(typeof(ISound), GrainInterfaceRules.InterfacesIn(typeof(ISound).Assembly));
        Assert.DoesNotContain(
            GrainInterfaceRules.Check(typeof(ISound).Assembly),
            v => !v.Member.StartsWith("IBroken", StringComparison.Ordinal));
    }

    [Fact]
    public void GetGrain_refuses_an_interface_that_breaks_the_rules()
    {
        using var silo = new SimulatedSilo(1);

        var error = Assert.Throws<CodecNotFoundException>(() => silo.Grains.GetGrain<IBrokenButImplemented>("x"));

        Assert.Contains("NoSerializer has no [GenerateSerializer]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => silo.Grains.GetGrain<ISound>("nobody implements it"));
    }
}

internal interface IBrokenButImplemented : IGrainWithStringKey
{
    Task IBrokenTake(NoSerializer value);
}

internal sealed class BrokenButImplementedGrain : Grain, IBrokenButImplemented
{
    public Task IBrokenTake(NoSerializer value) => Task.CompletedTask;
}

using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using Orleans.Serialization;
using RtcPlatform.EmbeddedOrleans.Simulation;

namespace RtcPlatform.EmbeddedOrleans.Tests.Serialization;

[GenerateSerializer]
public sealed class Box
{
    private int _notSerialized = 7;

    [Id(0)]
    public int Number { get; set; }

    [Id(1)]
    public List<Box> Inner { get; init; } = [];

    [Id(2)]
    public Box? Self { get; set; }

    [Immutable]
    [Id(3)]
    public byte[] Shared { get; set; } = [];

    public int Doubled => Number * 2;

    public int Hidden() => _notSerialized;

    public void Hide(int value) => _notSerialized = value;
}

[GenerateSerializer]
public record Shape(string Name, byte[] Bytes);

[GenerateSerializer]
public record Circle(string Name, byte[] Bytes, double Radius) : Shape(Name, Bytes)
{
    [Id(0)]
    public ImmutableDictionary<string, List<int>> Tags { get; init; } = ImmutableDictionary<string, List<int>>.Empty;
}

[GenerateSerializer, Immutable]
public sealed record Frozen(string Name, List<int> PromisedNeverToChange);

[GenerateSerializer]
public sealed record AllImmutable(string Name, TimeSpan Span, ImmutableArray<Guid> Ids, (int, string) Pair, int? Maybe);

[GenerateSerializer]
public readonly record struct Point(int X, int[] Trail);

public interface IKeeper : IGrainWithStringKey
{
    [return: Immutable]
    Task<List<int>> EchoPromised([Immutable] List<int> value);

    Task<Box> KeepBox(Box box);

    Task<int> KeptNumber();

    Task<Shape> Echo(Shape shape);

    Task<Frozen> EchoFrozen(Frozen value);

    Task<AllImmutable> EchoImmutable(AllImmutable value);

    Task<Point> EchoPoint(Point point);

    Task<Dictionary<string, HashSet<int>>> EchoDictionary(Dictionary<string, HashSet<int>> value);

    Task<IReadOnlyList<int>> EchoList(IReadOnlyList<int> value);

    ValueTask<(int[] Left, int[] Right)> Twice(int[] value);

    Task<(DateTimeOffset, Guid, DayOfWeek, byte[], Box[])> EchoTuple((DateTimeOffset, Guid, DayOfWeek, byte[], Box[]) value);
}

public sealed class KeeperGrain : Grain, IKeeper
{
    private Box? _kept;

    public Task<List<int>> EchoPromised(List<int> value) => Task.FromResult(value);

    public Task<Box> KeepBox(Box box)
    {
        _kept = box;
        return Task.FromResult(box);
    }

    public Task<int> KeptNumber() => Task.FromResult(_kept!.Number);

    public Task<Shape> Echo(Shape shape) => Task.FromResult(shape);

    public Task<Frozen> EchoFrozen(Frozen value) => Task.FromResult(value);

    public Task<AllImmutable> EchoImmutable(AllImmutable value) => Task.FromResult(value);

    public Task<Point> EchoPoint(Point point) => Task.FromResult(point);

    public Task<Dictionary<string, HashSet<int>>> EchoDictionary(Dictionary<string, HashSet<int>> value) => Task.FromResult(value);

    public Task<IReadOnlyList<int>> EchoList(IReadOnlyList<int> value) => Task.FromResult(value);

    public ValueTask<(int[] Left, int[] Right)> Twice(int[] value) => new((value, value));

    public Task<(DateTimeOffset, Guid, DayOfWeek, byte[], Box[])> EchoTuple(
        (DateTimeOffset, Guid, DayOfWeek, byte[], Box[]) value) => Task.FromResult(value);
}

public sealed class CopyTests : IDisposable
{
    private readonly SimulatedSilo _silo = new(1);

    private IKeeper Keeper => _silo.Grains.GetGrain<IKeeper>("k");

    public void Dispose() => _silo.Dispose();

    [Fact]
    public void Neither_side_sees_what_the_other_changes_afterwards()
    {
        var sent = new Box { Number = 1, Inner = { new Box { Number = 2 } } };

        var answer = _silo.Run(() => Keeper.KeepBox(sent));
        sent.Number = 10;
        answer.Number = 20;
        answer.Inner[0].Number = 30;

        Assert.Equal(1, _silo.Run(Keeper.KeptNumber));
        Assert.Equal(2, sent.Inner[0].Number);
    }

    [Fact]
    public void An_object_that_contains_itself_still_does()
    {
        var sent = new Box { Number = 1 };
        sent.Self = sent;

        var answer = _silo.Run(() => Keeper.KeepBox(sent));

        Assert.NotSame(sent, answer);
        Assert.Same(answer, answer.Self);
    }

    [Fact]
    public void Fields_without_id_arrive_as_the_constructor_leaves_them_and_immutable_members_are_shared()
    {
        var sent = new Box { Shared = [1, 2] };
        sent.Hide(99);

        var answer = _silo.Run(() => Keeper.KeepBox(sent));

        Assert.Equal(7, answer.Hidden());
        Assert.Same(sent.Shared, answer.Shared);
    }

    [Fact]
    public void A_derived_record_keeps_its_type_and_all_members()
    {
        var sent = new Circle("c", [1, 2], 2.5) { Tags = ImmutableDictionary<string, List<int>>.Empty.Add("t", [3]) };

        var answer = Assert.IsType<Circle>(_silo.Run(() => Keeper.Echo(sent)));

        Assert.Equal(("c", 2.5), (answer.Name, answer.Radius));
        Assert.Equal(sent.Bytes, answer.Bytes);
        Assert.NotSame(sent.Bytes, answer.Bytes);
        Assert.Equal([3], answer.Tags["t"]);
        Assert.NotSame(sent.Tags["t"], answer.Tags["t"]);
    }

    [Fact]
    public void What_cannot_change_is_passed_without_a_copy()
    {
        var promised = new Frozen("f", [1]);
        var list = new List<int> { 1 };
        var all = new AllImmutable("a", TimeSpan.FromSeconds(1), [Guid.NewGuid()], (1, "x"), null);

        Assert.Same(promised, _silo.Run(() => Keeper.EchoFrozen(promised)));
        Assert.Same(all, _silo.Run(() => Keeper.EchoImmutable(all)));
        Assert.Same(list, _silo.Run(() => Keeper.EchoPromised(list)));
    }

    [Fact]
    public void Structs_with_changeable_members_are_copied_deeply()
    {
        var sent = new Point(1, [1, 2]);

        var answer = _silo.Run(() => Keeper.EchoPoint(sent));
        answer.Trail[0] = 9;

        Assert.Equal(1, answer.X);
        Assert.Equal([1, 2], sent.Trail);
    }

    [Fact]
    public void Collections_keep_their_comparers_and_objects_that_occur_twice_stay_one()
    {
        var sent = new Dictionary<string, HashSet<int>>(StringComparer.OrdinalIgnoreCase) { ["A"] = [1] };

        var answer = _silo.Run(() => Keeper.EchoDictionary(sent));
        var (left, right) = _silo.Run(() => Keeper.Twice([1]).AsTask());

        Assert.Equal([1], answer["a"]);
        Assert.NotSame(sent["A"], answer["A"]);
        Assert.Same(left, right);
    }

    [Fact]
    public void Tuples_of_everything_arrive_whole()
    {
        var sent = (DateTimeOffset.UnixEpoch, Guid.NewGuid(), DayOfWeek.Friday, new byte[] { 1 }, new[] { new Box { Number = 4 } });

        var answer = _silo.Run(() => Keeper.EchoTuple(sent));

        Assert.Equal((sent.Item1, sent.Item2, sent.Item3), (answer.Item1, answer.Item2, answer.Item3));
        Assert.NotSame(sent.Item4, answer.Item4);
        Assert.Equal(4, answer.Item5[0].Number);
        Assert.NotSame(sent.Item5[0], answer.Item5[0]);
    }

    [Fact]
    public void A_collection_that_has_no_serializer_is_refused_at_the_call()
    {
        Assert.Equal([1, 2], _silo.Run(() => Keeper.EchoList(new List<int> { 1, 2 })));

        Assert.Throws<CodecNotFoundException>(() => _silo.Run(() => Keeper.EchoList(new UnknownList([1]))));
    }

    private sealed class UnknownList(IReadOnlyList<int> inner) : IReadOnlyList<int>
    {
        public int Count => inner.Count;

        public int this[int index] => inner[index];

        public IEnumerator<int> GetEnumerator() => inner.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

using RtcPlatform.MediaClient.Streams;

namespace RtcPlatform.LoadGenerator.Tests.Streams;

public sealed class NumberWindowTests
{
    private const int Remembered = 64;

    [Fact]
    public void Gaps_are_missing_until_the_late_packet_comes()
    {
        var window = new NumberWindow();
        Assert.Equal(0, window.Missing);
        Assert.Equal(Arrival.InOrder, window.Add(100));
        Assert.Equal(Arrival.InOrder, window.Add(103));
        Assert.Equal(2, window.Missing);
        Assert.Equal(Arrival.Late, window.Add(101));
        Assert.Equal(1, window.Missing);
        Assert.Equal(Arrival.Duplicate, window.Add(101));
        Assert.Equal(1, window.Missing);
        Assert.Equal(Arrival.InOrder, window.Add(104));
        Assert.Equal(1, window.Missing);
        Assert.Equal((100u, 104u, 4L), (window.First, window.Highest, window.Count));
    }

    [Fact]
    public void Any_order_is_judged_as_by_somebody_who_remembers_everything()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var window = new NumberWindow();
            var model = new Model();
            uint next = seed % 2 == 0 ? 0 : uint.MaxValue - 10_000;
            for (int i = 0; i < 1000; i++)
            {
                next += random.Next(10) == 0 ? (uint)random.Next(1, 100) : 1;
                uint number = random.Next(4) == 0 ? next - (uint)random.Next(Math.Min(100, (int)Math.Min(next, 100) + 1)) : next;
                Arrival expected = model.Add(number);
                Assert.True(expected == window.Add(number), $"seed {seed}, packet {i}: {number} is {expected}");
                Assert.True(model.Missing == window.Missing, $"seed {seed}, packet {i}: {model.Missing} are missing");
            }

            Assert.Equal((model.First, model.Highest, model.Count), (window.First, window.Highest, window.Count));
        }
    }

    private sealed class Model
    {
        private readonly HashSet<uint> _seen = [];

        public uint First { get; private set; } = uint.MaxValue;

        public uint Highest { get; private set; }

        public long Count { get; private set; }

        public long Missing => Math.Max(0, (long)Highest - First + 1 - Count);

        public Arrival Add(uint number)
        {
            bool isFirst = _seen.Count == 0;
            bool isHigher = isFirst || number > Highest;
            bool isRemembered = !isHigher && Highest - number < Remembered;
            bool isNew = _seen.Add(number);
            if (isRemembered && !isNew)
            {
                return Arrival.Duplicate;
            }

            Count++;
            First = Math.Min(First, number);
            Highest = Math.Max(Highest, number);
            return isHigher ? Arrival.InOrder : Arrival.Late;
        }
    }
}

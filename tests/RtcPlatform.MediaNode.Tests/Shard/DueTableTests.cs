using RtcPlatform.MediaNode.Shard;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Tests.Shard;

public sealed class DueTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_agrees_with_a_list_over_random_scripts(int seed)
    {
        var random = new Random(seed);
        var table = new DueTable();
        var model = new List<long>();
        for (int step = 0; step < 20_000; step++)
        {
            Change(random, table, model);
            var now = new MonoTime(random.Next(1_000));
            var due = new List<int>();
            table.Collect(now, due);
            Assert.True(
                due.SequenceEqual(Enumerable.Range(0, model.Count).Where(slot => model[slot] <= now.Nanoseconds)), $"seed {seed}, step {step}");
            Assert.Equal(model.Count == 0 ? MonoTime.Never : new MonoTime(model.Min()), table.Soonest());
            Assert.Equal(model.Count, table.Count);
        }
    }

    private static void Change(Random random, DueTable table, List<long> model)
    {
        int slot = random.Next(Math.Max(1, model.Count));
        var due = new MonoTime(random.Next(1_000));
        switch (random.Next(4))
        {
            case 0:
                Assert.Equal(model.Count, table.Add());
                model.Add(0);
                break;
            case 1 when model.Count > 0:
                table.Remove(slot);
                model[slot] = model[^1];
                model.RemoveAt(model.Count - 1);
                break;
            case 2 when model.Count > 0:
                table.Set(slot, due);
                model[slot] = due.Nanoseconds;
                break;
            case 3 when model.Count > 0:
                table.Sooner(slot, due);
                model[slot] = Math.Min(model[slot], due.Nanoseconds);
                break;
        }
    }
}

namespace Streaming.Proof.Tests.Faults;

/// <summary>The faults of a run: every kind comes before any comes again, in an order, at moments and to victims that the seed decides.</summary>
internal static class FaultPlan
{
    public static IReadOnlyList<Fault> Draw(int seed, int rounds, int replicas)
    {
        var random = new Random(seed);
        List<FaultKind> bag = [];
        var faults = new List<Fault>(rounds);
        for (var round = 0; round < rounds; round++)
        {
            if (bag.Count == 0)
            {
                bag.AddRange(Enum.GetValues<FaultKind>());
            }

            var kind = bag[random.Next(bag.Count)];
            bag.Remove(kind);
            faults.Add(Fault.Draw(random, kind, replicas));
        }

        return faults;
    }
}

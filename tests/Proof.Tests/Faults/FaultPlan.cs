namespace Streaming.Proof.Tests.Faults;

/// <summary>
/// The faults of a run: every kind comes before any comes again, in an order, at moments and to victims that the seed decides. With more than one in a round,
/// they overlap as they fall, each to another program.
/// </summary>
internal static class FaultPlan
{
    public static IReadOnlyList<IReadOnlyList<Fault>> Draw(int seed, int rounds, int faultsPerRound, int replicas)
    {
        var random = new Random(seed);
        List<FaultKind> bag = [];
        var plan = new List<IReadOnlyList<Fault>>(rounds);
        for (var round = 0; round < rounds; round++)
        {
            var faults = new List<Fault>();
            for (var i = 0; i < faultsPerRound; i++)
            {
                if (bag.Count == 0)
                {
                    bag.AddRange(Enum.GetValues<FaultKind>());
                }

                var kind = bag[random.Next(bag.Count)];
                bag.Remove(kind);
                var fault = Fault.Draw(random, kind, replicas);
                if (!faults.Exists(fault.HasVictimOf))
                {
                    faults.Add(fault);
                }
            }

            plan.Add(faults);
        }

        return plan;
    }
}

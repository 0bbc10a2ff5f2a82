using FsCheck;
using FsCheck.Fluent;

namespace Streaming.Contracts.Tests.Measures;

/// <summary>
/// Checks a claim against generated cases. A failure prints the shrunk case and its replay, such as <c>(123,456)</c>; set the variable
/// FSCHECK_REPLAY=123,456 to see it again.
/// </summary>
internal static class Claim
{
    public static void Holds<T>(Arbitrary<T> cases, Action<T> claim, int tests = 150)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(tests).WithEndSize(60);
        if (Environment.GetEnvironmentVariable("FSCHECK_REPLAY")?.Split(',') is [var seed, var gamma])
        {
            config = config.WithReplay(ulong.Parse(seed), ulong.Parse(gamma));
        }

        Prop.ForAll(cases, claim).Check(config);
    }
}

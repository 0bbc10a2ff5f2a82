using FsCheck;
using FsCheck.Fluent;
using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Compaction;

/// <summary>Any history of a compacted log against a list of all that was ever appended.</summary>
public class CompactionProperties
{
    public abstract record Step
    {
        /// <summary>One batch; a record is a key and whether it deletes it. Producer 0 is none, 1 and 2 have transactions.</summary>
        public sealed record Sends(int Producer, CompressionCodec Codec, (int Key, bool Deletes)[] Records) : Step;

        public sealed record Ends(int Producer, bool Commit) : Step;

        public sealed record Waits(int Ms) : Step;

        public sealed record Cleans : Step;

        public sealed record Restarts(bool Cleanly) : Step;

        /// <summary>The broker dies after so many operations on files of a cleaning.</summary>
        public sealed record DiesCleaning(int Operations) : Step;

        public sealed record LosesRecoveryPoint : Step;
    }

    private static readonly Gen<(int Key, bool Deletes)[]> Keys =
        (from key in Gen.Choose(0, 6) from deletes in Gen.Elements(false, false, true) select (key, deletes)).NonEmptyListOf().Select(keys => keys.Take(4).ToArray());

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (16, from producer in Gen.Elements(0, 0, 1, 2)
             from codec in Gen.Elements(CompressionCodec.None, CompressionCodec.None, CompressionCodec.Gzip, CompressionCodec.Lz4, CompressionCodec.Snappy)
             from keys in Keys
             select (Step)new Step.Sends(producer, codec, keys)),
        (6, from producer in Gen.Choose(1, 2) from commit in Gen.Elements(true, false) select (Step)new Step.Ends(producer, commit)),
        (6, Gen.Choose(1, 900).Select(ms => (Step)new Step.Waits(ms))),
        (5, Gen.Constant((Step)new Step.Cleans())),
        (1, Gen.Elements(true, false).Select(cleanly => (Step)new Step.Restarts(cleanly))),
        (2, Gen.Choose(1, 60).Select(operations => (Step)new Step.DiesCleaning(operations))),
        (1, Gen.Constant((Step)new Step.LosesRecoveryPoint())));

    private static readonly Gen<Step[]> Histories =
        from length in Gen.Choose(1, 60)
        from steps in Gen.ArrayOf(Steps, length)
        select steps;

    [Fact]
    public void Whatever_happens_the_latest_record_of_each_key_is_there_and_no_deleted_one_comes_back() =>
        Prop.ForAll(Arb.From(Histories, Shorter), history => RunAsync(history).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private static IEnumerable<Step[]> Shorter(Step[] steps) =>
        Enumerable.Range(0, steps.Length).Select(left => steps.Where((_, i) => i != left).ToArray());

    private static async Task RunAsync(Step[] history)
    {
        await using var stage = await CompactedStage.OpenAsync(("segment.bytes", "700"), ("segment.ms", "300"), ("delete.retention.ms", "1000"), ("index.interval.bytes", "150"));
        var model = new CompactionModel(stage);
        foreach (var step in history)
        {
            await model.DoAsync(step);
            model.Verify();
        }
        model.EndAll();
        for (var pass = 0; pass < 4; pass++)
        {
            stage.Wait(TimeSpan.FromSeconds(2));
            stage.Clean();
            model.Verify();
        }
        model.VerifyCleaned();
    }
}

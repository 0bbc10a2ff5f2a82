using Npgsql;
using Streaming.Proof.Tests.Processes;

namespace Streaming.Proof.Tests;

/// <summary>An Aggregator that is frozen in the middle of a COPY holds the locks of its checkpoint, and no time limit of PostgreSQL's covers it.</summary>
public sealed class FrozenProcessTests
{
    private const string Waiting = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'aggregator' AND query LIKE 'COPY outbox%' AND wait_event_type = 'Lock'";
    private const string InCopy = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'aggregator' AND query LIKE 'COPY outbox%' AND state = 'active' AND wait_event = 'ClientRead'";
    private const string Read = "SELECT sum(next_offset) FROM checkpoints";

    [UnixFact]
    public Task Partitions_of_an_instance_that_froze_in_a_copy_are_taken_over_and_its_awakening_changes_nothing() => Trial.RunAsync(
        async trial =>
        {
            var random = new Random(1);
            var frozen = trial.Machine.Aggregators[0];
            await trial.UnderLoadAsync(random, perSecond: 1_000, async () =>
            {
                await using (var gate = new NpgsqlConnection(trial.Machine.ConnectionString + ";Application Name=gate"))
                {
                    // Both instances stop at the COPY into the outbox, with their progress rows locked; then one is frozen, and the gate opens.
                    await gate.OpenAsync();
                    await using var transaction = await gate.BeginTransactionAsync();
                    await using var command = new NpgsqlCommand("LOCK TABLE outbox IN EXCLUSIVE MODE", gate);
                    await command.ExecuteNonQueryAsync();
                    await trial.AtLeastAsync(2, "both instances wait for the outbox", Waiting);
                    frozen.Send(Signal.Stop);
                    await transaction.RollbackAsync();
                }

                await trial.AtLeastAsync(1, "the frozen instance is in the middle of its COPY", InCopy);
            });

            await trial.VerifyAsync();
            Assert.True(trial.Machine.Aggregators[1].HasWritten("[2115]"), "nobody's session was ended");

            frozen.Send(Signal.Continue);
            await trial.UnderLoadAsync(random, perSecond: 500, () => trial.AtLeastAsync(5_000, "records are read", Read));
            await trial.VerifyAsync();
        },
        () => "An instance frozen in a COPY.");
}

using System.Buffers.Binary;
using System.Diagnostics;
using Confluent.Kafka;
using Npgsql;
using Streaming.Proof.Tests.Load;
using Streaming.Tests.Oracle;

namespace Streaming.Proof.Tests.Verification;

/// <summary>What a round that was right has counted.</summary>
internal sealed record RoundTotals(int Records, int Windows, int Final, int Late, int Rejected, int Marks, int Alerts, IReadOnlyList<long?> Watermarks);

/// <summary>
/// Waits until the pipeline has nothing left to do, and compares everything that it has written, to tables and to topics, with a naive recomputation from
/// the input topic and the idle marks.
/// </summary>
internal sealed class Verifier(string bootstrapServers, ResultTables tables, LoadProducer load)
{
    private const long OutOfOrdernessMs = 5_000, GraceMs = 10_000;

    private static readonly TimeSpan SettleBound = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly List<string> _wrong = [];

    /// <exception cref="TimeoutException">The pipeline does not come to rest; the message says what is left.</exception>
    /// <exception cref="WrongResultException">Something differs.</exception>
    public async Task<RoundTotals> VerifyAsync(CancellationToken cancellationToken)
    {
        _wrong.Clear();
        var input = TopicReader.ReadAll(bootstrapServers, "sales");
        CompareInput(input);
        var ends = input.GroupBy(record => record.Partition.Value).ToDictionary(some => some.Key, some => some.Max(record => record.Offset.Value) + 1);
        var (settled, outputs) = await SettledAsync(ends, cancellationToken);
        var expected = NaiveWindows.Of(input.Select(SaleRecord.From), settled.Marks, OutOfOrdernessMs, GraceMs);

        Compare("window_results", expected.Windows, settled.Windows);
        Compare("checkpoints", expected.Partitions, settled.Progress.Where(IsBegun).Select(progress => progress.Totals));
        Compare("parked_outbox", [], Enumerable.Repeat("row", (int)settled.ParkedRows));
        CompareOutputs(input, expected, outputs);
        Compare("alerts", settled.Alerts.Select(Outputs.Alert), outputs.Alerts.Select(Outputs.Alert));
        CompareOutboxNumbers(expected, settled);
        return _wrong.Count == 0
            ? new(input.Count, expected.Windows.Count, expected.Windows.Count(window => window.IsFinal), expected.Late.Count, expected.Rejected.Count,
                settled.Marks.Count, settled.Alerts.Count, [.. settled.Progress.Select(progress => progress.Totals.WatermarkMs)])
            : throw new WrongResultException(_wrong);
    }

    /// <summary>Tables and topics of a moment at which everything was read, and everything that was in the outbox had left.</summary>
    private async Task<(ResultSnapshot Tables, OutputTopics Topics)> SettledAsync(Dictionary<int, long> ends, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var (before, left) = await LookAsync(ends, cancellationToken);
            if (before is not null && left.Length == 0)
            {
                var topics = OutputTopics.Read(bootstrapServers);

                // The idle rule goes on: had it closed a window meanwhile, the topics would hold what the tables did not yet.
                var after = await tables.ProgressAsync(cancellationToken);
                if (after.Select(progress => progress.OutboxSeq).SequenceEqual(before.Progress.Select(progress => progress.OutboxSeq)))
                {
                    return (before, topics);
                }

                left = "windows closed while the topics were read";
            }

            if (Stopwatch.GetElapsedTime(started) > SettleBound)
            {
                throw new TimeoutException($"The pipeline is not at rest after {SettleBound}: {left}");
            }

            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    private async Task<(ResultSnapshot? Tables, string Left)> LookAsync(Dictionary<int, long> ends, CancellationToken cancellationToken)
    {
        try
        {
            var snapshot = await tables.ReadAsync(cancellationToken);
            var next = snapshot.Progress.ToDictionary(progress => progress.Partition, progress => progress.NextOffset);
            string[] left =
            [
                .. ends.Where(end => next.GetValueOrDefault(end.Key) != end.Value)
                    .Select(end => $"partition {end.Key} is at {next.GetValueOrDefault(end.Key)} of {end.Value}"),
                .. snapshot.OutboxRows > 0 ? [$"{snapshot.OutboxRows} rows wait in the outbox"] : Array.Empty<string>(),
            ];
            return (snapshot, string.Join("; ", left));
        }
        catch (NpgsqlException e)
        {
            return (null, $"PostgreSQL: {e.Message}");
        }
    }

    /// <summary>The broker: what it acknowledged is where it said, and everything that was sent is there once.</summary>
    private void CompareInput(IReadOnlyList<ConsumeResult<byte[], byte[]>> input)
    {
        Compare(
            "records of the input topic",
            Enumerable.Range(0, (int)load.Sent).Select(number => ((long)number, load.Acknowledged[number].Partition.Value, load.Acknowledged[number].Offset.Value)),
            input.Select(record => (BinaryPrimitives.ReadInt64BigEndian(record.Message.Headers.GetLastBytes(LoadProducer.NumberHeader)), record.Partition.Value, record.Offset.Value)));
    }

    private void CompareOutputs(IReadOnlyList<ConsumeResult<byte[], byte[]>> input, NaiveWindows expected, OutputTopics outputs)
    {
        var inputs = input.ToDictionary(record => (record.Partition.Value, record.Offset.Value));
        Compare("sales-aggregate", expected.Windows.Where(window => window.IsFinal).Select(Outputs.Result), outputs.Results.Select(Outputs.Result));
        Compare(
            "sales-late",
            expected.Late.Select(sale => Outputs.PutAside(inputs[(sale.Record.Partition, sale.Record.Offset)], sale.ByMs)),
            outputs.Late.Select(record => Outputs.PutAside(record, isLate: true)));
        Compare(
            "sales-dead-letter",
            expected.Rejected.Select(record => Outputs.PutAside(inputs[(record.Partition, record.Offset)], lateByMs: null)),
            outputs.Rejected.Select(record => Outputs.PutAside(record, isLate: false)));
        CompareOrder("sales-late", outputs.Late);
        CompareOrder("sales-dead-letter", outputs.Rejected);
    }

    /// <summary>What was put aside of one input partition leaves in the order in which it was read.</summary>
    private void CompareOrder(string topic, IReadOnlyList<ConsumeResult<byte[], byte[]>> records)
    {
        foreach (var partition in records.Select(Outputs.Origin).GroupBy(origin => origin.Partition, origin => origin.Offset))
        {
            var behind = partition.Zip(partition.Skip(1)).Where(pair => pair.First >= pair.Second).Take(3).ToList();
            _wrong.AddRange(behind.Select(pair => $"{topic}: of input partition {partition.Key}, offset {pair.Second} comes after {pair.First}"));
        }
    }

    /// <summary>The outbox was numbered without gaps: one number for each closed window, late event, rejected record and alert.</summary>
    private void CompareOutboxNumbers(NaiveWindows expected, ResultSnapshot settled) => Compare(
        "numbers given to outbox rows",
        expected.Partitions.Select(totals => (
            totals.Partition,
            totals.Late + totals.Rejected
                + expected.Windows.Count(window => window.IsFinal && window.Partition == totals.Partition)
                + settled.Alerts.Count(alert => alert.Partition == totals.Partition))),
        settled.Progress.Where(IsBegun).Select(progress => (progress.Partition, progress.OutboxSeq)));

    /// <summary>A partition without a record and without a mark has a row of its own, which counts nothing; the oracle has none.</summary>
    private static bool IsBegun(Progress progress) => progress.NextOffset > 0 || progress.OutboxSeq > 0 || progress.Totals.WatermarkMs is not null;

    private void Compare<T>(string what, IEnumerable<T> expected, IEnumerable<T> actual)
        where T : notnull => _wrong.AddRange(Compared.Differences(what, expected, actual));
}

/// <summary>Tables or topics differ from the recomputation.</summary>
internal sealed class WrongResultException(IReadOnlyList<string> differences) : Exception(string.Join('\n', differences));

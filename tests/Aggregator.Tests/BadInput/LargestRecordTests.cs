using Confluent.Kafka;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Aggregator.Tests.BadInput;

/// <summary>Records of exactly the largest size that the broker takes.</summary>
[Collection(PostgresForFaults.Name)]
public sealed class LargestRecordTests(PostgresFixture postgres)
{
    private static readonly TopicDeclaration StageDeadLetter = new("sales-by-country-dead-letter", 1, TimeSpan.FromDays(1));

    [Fact]
    public async Task Input_of_the_largest_size_arrives_whole_in_the_dead_letter_topics_and_stops_no_stage()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(("Pipelines", "sales-by-store,sales-by-country"), ("EnrichmentWait", "00:00:00"));
        await Until.TrueAsync(() => stage.Lines.Has(2404), "the reference topic is read", stage.Lines.ToString);
        var key = "zurich-1"u8.ToArray();
        var sale = StoreSaleJson.Encode(new StoreSale("zurich-1", 5, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        var noSale = await ProduceLargestAsync(stage, size => new() { Key = key, Value = Filler(size), Headers = new Headers { { "origin", "till"u8.ToArray() }, { "empty", null } } });
        var full = await ProduceLargestAsync(stage, size => new() { Key = key, Value = sale, Headers = new Headers { { "filler", Filler(size) } } });
        await stage.ProduceAsync(new StoreSale("zurich-1", 7, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));

        await Until.TrueAsync(() => stage.ReadAll(Topics.SalesEnriched).Count == 1 && stage.ReadAll(StageDeadLetter).Count == 2, "the stage goes on", stage.Lines.ToString);
        await Until.TrueAsync(
            async () => await stage.NumberAsync("SELECT coalesce(sum(count), 0)::bigint FROM window_results WHERE pipeline = 'sales-by-store'") == 2, "both sales are counted",
            () => Task.FromResult(stage.Lines.ToString()));
        await stage.OutboxIsEmptyAsync();

        Assert.Equal(["malformed"], AssertWhole(stage.ReadAll(Topics.SalesDeadLetter), noSale));
        Assert.Equal(["malformed", "too-large"], AssertWhole(stage.ReadAll(StageDeadLetter), noSale, full));
        Assert.Equal(0, await stage.NumberAsync("SELECT count(*) FROM parked_outbox"));
    }

    /// <summary>Every byte and header is there, in front of the headers that were added; gives the reasons.</summary>
    private static List<string> AssertWhole(IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> letters, params Message<byte[]?, byte[]?>[] inputs)
    {
        Assert.Equal(inputs.Length, letters.Count);
        Assert.All(inputs.Zip(letters), pair =>
        {
            var (input, letter) = (pair.First, pair.Second.Message);
            Assert.Equal(input.Key, letter.Key);
            Assert.Equal(input.Value, letter.Value);
            Assert.Equal(input.Headers.Select(Text), letter.Headers.Take(input.Headers.Count).Select(Text));
            Assert.Equal(Topics.Sales.Name, Readings.Header(pair.Second, HeaderNames.OriginTopic));
        });
        return [.. letters.Select(letter => Readings.Header(letter, HeaderNames.Reason))];
    }

    private static string Text(IHeader header) => $"{header.Key} {(header.GetValueBytes() is { } bytes ? Convert.ToHexString(bytes) : "null")}";

    private static byte[] Filler(int size)
    {
        var filler = new byte[size];
        new Random(size).NextBytes(filler);
        return filler;
    }

    /// <summary>Sends smaller and smaller records until one is taken: the largest that the topic takes.</summary>
    private static async Task<Message<byte[]?, byte[]?>> ProduceLargestAsync(PipelineStage stage, Func<int, Message<byte[]?, byte[]?>> make)
    {
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig
        {
            BootstrapServers = stage.BootstrapServers,
            MessageMaxBytes = 2 * Topics.LargestInput,
            Partitioner = Partitioner.Murmur2Random,
        }).Build();
        var empty = make(0);
        var size = Topics.LargestInput - (int)RecordSize.AtMost(empty.Key, empty.Value, empty.Headers) + 64;
        for (var refused = 0; ; size--)
        {
            var message = make(size);
            try
            {
                await producer.ProduceAsync(Topics.Sales.Name, message);
                Assert.True(refused > 0, "The first was to be too large.");
                Assert.InRange(RecordSize.AtMost(message.Key, message.Value, message.Headers) - Topics.LargestInput, 0, 64);
                return message;
            }
            catch (ProduceException<byte[]?, byte[]?> e) when (e.Error.Code == ErrorCode.MsgSizeTooLarge)
            {
                refused++;
            }
        }
    }
}

using System.Text;
using Streaming.Aggregator.Enrichment;
using Streaming.Aggregator.Pipelines;
using Streaming.Contracts;
using Streaming.Contracts.Windows;
using Xunit;
using Definition = Streaming.Aggregator.Pipelines.Pipeline;

namespace Streaming.Aggregator.Tests.BadInput;

/// <summary>A stage whose lambdas throw on some events.</summary>
public sealed class EnricherExamples
{
    private static readonly TopicDeclaration Input = new("in", 1, TimeSpan.FromDays(1));

    [Theory]
    [InlineData("bad decode")]
    [InlineData("bad key")]
    [InlineData("bad join")]
    [InlineData("bad encode")]
    public void Event_on_which_a_lambda_throws_is_rejected_with_the_exception_and_waits_for_nothing(string text)
    {
        var (enricher, _) = Create();

        Assert.False(enricher.IsMissing(Record(text)) && text is "bad decode" or "bad key");
        var enriched = enricher.Enrich(Record(text));

        Assert.Equal((Decoding.FailedReason, $"System.InvalidOperationException: {text}"), (enriched.Decoding.Reason, enriched.Decoding.Error));
        Assert.Null(enriched.Value);
        Assert.Equal("good/none", Encoding.UTF8.GetString(enricher.Enrich(Record("good")).Value!));
    }

    [Fact]
    public void Row_on_which_its_decoder_throws_leaves_the_former_one()
    {
        var (enricher, table) = Create();

        Assert.True(table.TryApply("good"u8.ToArray(), "row"u8.ToArray(), out _));
        Assert.False(table.TryApply("good"u8.ToArray(), "bad row"u8.ToArray(), out var problem));

        Assert.Equal("System.InvalidOperationException: bad row", problem);
        Assert.Equal("good/row", Encoding.UTF8.GetString(enricher.Enrich(Record("good")).Value!));
    }

    private static (Enricher Enricher, ReferenceTable Table) Create()
    {
        var stage = Definition.Named("texts", "Texts").From<string>(Input, Decode)
            .Enrich<string, string>(
                Input with { Name = "rows" }, DecodeRow, text => Encoding.UTF8.GetBytes(ThrowOn("bad key", text)), (text, _, row) => $"{ThrowOn("bad join", text)}/{row ?? "none"}",
                Input with { Name = "out", IsTransactional = true }, new EventCodec<string>(text => Encoding.UTF8.GetBytes(text.StartsWith("bad encode", StringComparison.Ordinal) ? ThrowOn("bad encode", "bad encode") : text), Decode))
            .KeyedByRecord("text").Windows(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1))).Waits(TimeSpan.Zero).Measures(m => m.Count()).Define().Enrichment!;
        var table = stage.Reference!.CreateTable();
        return (stage.CreateEnricher(table), table);
    }

    private static RecordBytes Record(string text) => new("key"u8.ToArray(), Encoding.UTF8.GetBytes(text), 0);

    private static Decoding Decode(in RecordBytes record, out string e, out long eventTimeMs)
    {
        (e, eventTimeMs) = (ThrowOn("bad decode", Encoding.UTF8.GetString(record.Value!)), 0);
        return Decoding.Taken;
    }

    private static string? DecodeRow(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out string? problem)
    {
        problem = null;
        return ThrowOn("bad row", Encoding.UTF8.GetString(value));
    }

    private static string ThrowOn(string bad, string text) => text == bad ? throw new InvalidOperationException(text) : text;
}

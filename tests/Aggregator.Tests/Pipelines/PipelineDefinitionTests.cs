using Streaming.Aggregator.Pipelines;
using Streaming.Contracts;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Definition = Streaming.Aggregator.Pipelines.Pipeline;

namespace Streaming.Aggregator.Tests.Pipelines;

/// <summary>What is wrong with a definition is said at its start, with the pipeline's name and the line.</summary>
public sealed class PipelineDefinitionTests
{
    private static readonly TopicDeclaration Input = new("readings", 1, TimeSpan.FromDays(1));
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private sealed record Reading(string Station, string Country, decimal Celsius, DateTimeOffset At);

    public static TheoryData<string, Func<PipelineDefinition>> Wrong => new()
    {
        { "a name has 1 to 64 lower-case letters", () => Definition.Named("Bad Name", "x").From(Input, Json).KeyedByRecord("k").Windows(WindowSpecs.Tumbling(Minute)).Define() },
        { "there is no key", () => Good(p => p, keyed: false).Define() },
        { "there is no window", () => Begin().KeyedByRecord("station").Measures(m => m.Count()).Waits(TimeSpan.Zero).Define() },
        { "nothing is measured", () => Begin().KeyedByRecord("station").Windows(WindowSpecs.Tumbling(Minute)).Waits(TimeSpan.Zero).Define() },
        { "it does not say how long windows wait", () => Begin().KeyedByRecord("station").Windows(WindowSpecs.Tumbling(Minute)).Measures(m => m.Count()).Define() },
        { "'1m' (1m) is not longer than the grace of 1m", () => Good(p => p.Waits(TimeSpan.Zero, grace: Minute)).Define() },
        { "two kinds of windows have the name '1m'", () => Good(p => p.Windows(WindowSpecs.Tumbling(Minute))).Define() },
        { "the hop 00:02:00 is not shorter than the size", () => Good(p => p.Windows(WindowSpecs.Hopping(Minute, 2 * Minute))).Define() },
        { "there is no time zone 'Mars/Olympus'", () => Good(p => p.Windows(WindowSpecs.Days("Mars/Olympus"))).Define() },
        { "the topic 'readings' is used twice", () => Good(p => p.To(Input)).Define() },
        { "the topic 'readings-late' is used twice", () => Good(p => p.PutAside(Input with { Name = "readings-late" }, Input with { Name = "readings-late" })).Define() },
        { "two measures", () => Good(p => p.Measures(m => m.Count().Count())).Define() },
        { "measure 'sum' has no field", () => Good(p => p.Measures(m => m.Sum())).Define() },
        { "its windows are partial", () => Begin().GroupBy("country", r => r.Country).Windows(WindowSpecs.Tumbling(Minute)).Waits(TimeSpan.Zero).Measures(m => m.Count()).To(Input with { Name = "out" }).Define() },
        { "there is no window '1h' to keep; there are: 1m", () => Good(p => p.Keep("1h", TimeSpan.FromDays(1))).Define() },
        { "the window '1m' is kept for 00:00:59; it must be at least its own length", () => Good(p => p.Keep("1m", TimeSpan.FromSeconds(59))).Define() },
        { "how long the window '1m' is kept is said twice", () => Good(p => p.Keep("1m", Minute).Keep("1m", Minute)).Define() },
        { "a filter comes before the key", () => Good(p => p.Where(r => r.Celsius > 0)).Define() },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_said_with_the_pipeline_and_the_line(string problem, Func<PipelineDefinition> define)
    {
        var error = Assert.Throws<PipelineDefinitionException>(() => define());
        Assert.Contains(problem, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Matches(@"^Pipeline '[^']+' \(PipelineDefinitionTests\.cs:\d+\): ", error.Message);
    }

    [Fact]
    public void Whatever_decides_results_is_in_the_fingerprint()
    {
        PipelineDefinition[] different =
        [
            Good(p => p).Define(),
            Good(p => p.Version(2)).Define(),
            Good(p => p.Windows(WindowSpecs.Session(Minute))).Define(),
            Good(p => p.Waits(TimeSpan.Zero, TimeSpan.FromSeconds(1))).Define(),
            Good(p => p.Measures(m => m.Count().OfDecimal("celsius", r => r.Celsius, scale: 1).Max())).Define(),
            Good(p => p.Measures(m => m.Count().OfDecimal("celsius", r => r.Celsius, scale: 2).Max())).Define(),
            Good(p => p.Measures(m => m.Count().OfDecimal("celsius", r => r.Celsius + 1, scale: 2).Max())).Define(),
            Begin(p => p.Where(r => r.Celsius > 1)).Define(),
            Begin(p => p.Where(r => r.Celsius > 2)).Define(),
        ];

        Assert.Equal(different.Length, different.Select(pipeline => pipeline.Fingerprint).Distinct().Count());
        Assert.All(different, pipeline => Assert.DoesNotContain('\n', pipeline.Fingerprint));
    }

    [Fact]
    public void Reader_decodes_filters_maps_and_selects()
    {
        var pipeline = Begin().Where(r => r.Celsius > -273).Map(r => r with { Country = r.Country.ToUpperInvariant() }).GroupBy("country", r => r.Country)
            .Windows(WindowSpecs.Tumbling(Minute)).Waits(TimeSpan.Zero).Measures(m => m.Count().OfDecimal("celsius", r => r.Celsius, scale: 2).Mean()).Define();
        var reader = pipeline.CreateReader();

        Assert.True(reader.Read(Record("""{"station":"s","country":"ch","celsius":21.375,"at":"2026-01-01T00:00:01Z"}""")).IsTaken);
        Assert.Equal("CH"u8, reader.Key);
        Assert.Equal(2138, reader.ValuesAt(0).Values[0]);
        Assert.Equal(DateTimeOffset.Parse("2026-01-01T00:00:01Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), reader.EventTimeMs);
        Assert.True(reader.Read(Record("""{"station":"s","country":"ch","celsius":-300,"at":"2026-01-01T00:00:01Z"}""")).IsFiltered);
    }

    [Theory]
    [InlineData(null, "no-value")]
    [InlineData("", "no-value")]
    [InlineData("null", "malformed")]
    [InlineData("{", "malformed")]
    [InlineData("""{"station":"s","country":"ch","at":"2026-01-01T00:00:01Z"}""", "malformed")]
    [InlineData("""{"station":"s","country":"ch","celsius":NaN,"at":"2026-01-01T00:00:01Z"}""", "malformed")]
    [InlineData("""{"station":"s","country":"ch","celsius":79228162514264337593543950335,"at":"2026-01-01T00:00:01Z"}""", "overflow")]
    [InlineData("""{"station":"s","country":"","celsius":1,"at":"2026-01-01T00:00:01Z"}""", "empty-key")]
    [InlineData("""{"station":"s","country":"a\u0000b","celsius":1,"at":"2026-01-01T00:00:01Z"}""", "bad-key")]
    public void What_is_no_event_of_the_pipeline_is_rejected_with_a_reason(string? value, string reason)
    {
        var pipeline = Begin().GroupBy("country", r => r.Country)
            .Windows(WindowSpecs.Tumbling(Minute)).Waits(TimeSpan.Zero).Measures(m => m.Count().OfDecimal("celsius", r => r.Celsius, scale: 2).Mean()).Define();

        var decoding = pipeline.CreateReader().Read(Record(value));

        Assert.Equal(reason, decoding.Reason);
    }

    [Fact]
    public void Keys_that_no_index_can_hold_are_rejected()
    {
        var reader = Good(p => p).Define().CreateReader();
        var value = """{"station":"s","country":"ch","celsius":1,"at":"2026-01-01T00:00:01Z"}"""u8.ToArray();

        string? Reason(byte[]? key) => reader.Read(new RecordBytes(key, value, 0)).Reason;

        Assert.Equal(new[] { "no-key", "empty-key", "long-key", "bad-key", null }, new[] { Reason(null), Reason([]), Reason(new byte[1 << 20]), Reason([0xff]), Reason("ok"u8.ToArray()) });
    }

    [Fact]
    public void Description_comes_back_from_its_json()
    {
        var description = Good(p => p.Windows(WindowSpecs.Hopping(5 * Minute, Minute), WindowSpecs.Session(Minute), WindowSpecs.Days("Europe/Zurich"))).Define().Describe();

        var again = PipelineDescription.TryParse(description.ToJson())!;

        Assert.Equal(description.Windows, again.Windows);
        Assert.Equal(description.Measures, again.Measures);
        Assert.Equal(description.Steps, again.Steps);
        Assert.Equal(description with { Windows = [], Steps = [] }, again with { Windows = [], Steps = [] });
    }

    [Fact]
    public void How_long_windows_are_kept_is_described_and_decides_no_result()
    {
        var kept = Good(p => p.Keep("1m", TimeSpan.FromDays(2))).Define();

        Assert.Equal(Good(p => p).Define().Fingerprint, kept.Fingerprint);
        Assert.Equal(TimeSpan.FromDays(2), PipelineDescription.TryParse(kept.Describe().ToJson())!.Kept!["1m"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"name":"x"}""")]
    public void Json_that_is_no_description_is_none(string json) => Assert.Null(PipelineDescription.TryParse(json));

    [Fact]
    public void Pipelines_of_this_application_are_found_by_their_type()
    {
        var all = PipelineCatalog.Find(typeof(SalesByStore).Assembly);

        Assert.Contains(all, pipeline => pipeline.Name == SalesByStore.Name);
        Assert.Equal([SalesByStore.Name], PipelineCatalog.Find(typeof(SalesByStore).Assembly, [SalesByStore.Name]).Select(pipeline => pipeline.Name));
        var error = Assert.Throws<InvalidOperationException>(() => PipelineCatalog.Find(typeof(SalesByStore).Assembly, ["sales-by-sore"]));
        Assert.StartsWith("Aggregator:Pipelines names 'sales-by-sore'; there are: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_of_the_readme_compiles_and_makes_sense()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "README.md")))
        {
            folder = folder.Parent!;
        }

        var example = File.ReadAllText(Path.Combine(folder.FullName, "tests", "Aggregator.Tests", "Pipelines", "HeatByCountry.cs"));
        Assert.Contains(example[(example.IndexOf('\n', StringComparison.Ordinal) + 1)..], File.ReadAllText(Path.Combine(folder.FullName, "README.md")), StringComparison.Ordinal);
        Assert.Equal("heat-by-country", HeatByCountry.Define().Name);
        Assert.True(example.Split('\n').Length <= 40);
    }

    [Fact]
    public void A_topic_that_two_pipelines_write_is_refused()
    {
        var output = Input with { Name = "out" };
        var first = Good(p => p.To(output)).Define();
        var second = Good(p => p.To(output)).Define() with { Name = "other" };

        var error = Assert.Throws<InvalidOperationException>(() => PipelineCatalog.Check([first, second]));
        Assert.Equal("The pipelines 'stations' and 'other' both write the topic 'out'.", error.Message);
    }

    private static readonly EventDecoder<Reading> Json = JsonEvents.Of<Reading>(reading => reading.At);

    private static PipelineBuilder<Reading> Begin() => Definition.Named("stations", "Stations").From(Input, Json);

    private static PipelineBuilder<Reading> Begin(Func<PipelineBuilder<Reading>, PipelineBuilder<Reading>> more) => Finish(more(Begin()), keyed: true);

    private static PipelineBuilder<Reading> Good(Func<PipelineBuilder<Reading>, PipelineBuilder<Reading>> more, bool keyed = true) => more(Finish(Begin(), keyed));

    private static PipelineBuilder<Reading> Finish(PipelineBuilder<Reading> pipeline, bool keyed) =>
        (keyed ? pipeline.KeyedByRecord("station") : pipeline).Windows(WindowSpecs.Tumbling(Minute)).Waits(TimeSpan.Zero).Measures(m => m.Count());

    private static RecordBytes Record(string? value) => new("s"u8.ToArray(), value is null ? null : System.Text.Encoding.UTF8.GetBytes(value), 0);
}

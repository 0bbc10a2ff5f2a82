using System.Globalization;
using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Enrichment;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Pipelines;

/// <summary>What has been said of a pipeline so far, whatever the type of its events, and the checks of the whole.</summary>
internal sealed class PipelineParts(string name, string title, SourceTopic first, SourceLine sourceLine)
{
    private static readonly TimeSpan SideOutputRetention = TimeSpan.FromDays(30);

    private readonly List<PipelineStep> _steps = [];
    private readonly SourceTopic _first = first;
    private SourceTopic _source = first;
    private (ReferenceSource? Reference, Func<ReferenceTable?, Enricher> Enricher, SourceLine Line)? _stage;
    private readonly List<(WindowSpec Window, SourceLine Line)> _windows = [];

    private readonly KeptWindows _kept = new();

    private readonly List<(AlertRule Rule, SourceLine Line)> _alerts = [];

    public string Key { get; set; } = "";

    public bool IsKeyedByRecord { get; set; }

    public TopicDeclaration? KnownBy { get; set; }

    public (TimeSpan OutOfOrderness, TimeSpan Grace, TimeSpan FutureBound, SourceLine Line)? Waits { get; set; }

    public SourceLine MeasuresLine { get; set; }

    public (TopicDeclaration Topic, Func<WindowRow, int, byte[]>? Encode, SourceLine Line)? Results { get; set; }

    public (TopicDeclaration Late, TopicDeclaration DeadLetter, SourceLine Line)? Aside { get; set; }

    public int Version { get; set; } = 1;

    public TimeSpan? KeptEvents { get; set; }

    public void Step(string kind, string text, SourceLine line) =>
        _steps.Add(text.Length > 0 ? new PipelineStep(kind, text) : throw Wrong(line, $"the {kind} has no text"));

    public string Name => name;

    /// <summary>Puts a stage before the windows; they read what it publishes.</summary>
    /// <param name="text">What its join does; null where it joins with nothing.</param>
    public void Stage(ReferenceSource? reference, TopicDeclaration through, Func<ReferenceTable?, Enricher> enricher, string? text, SourceLine line)
    {
        if (_stage is not null)
        {
            throw Wrong(line, "it publishes a topic before its windows already");
        }

        if (!through.IsTransactional)
        {
            throw Wrong(line, $"the topic '{through.Name}' is written in transactions: its declaration says IsTransactional = true");
        }

        _stage = (reference, enricher, line);
        _source = new SourceTopic(through.Name, through, IsTransactional: true);
        if (reference is not null)
        {
            Step("enrich", $"{reference.Topic.Name}: {text}", line);
        }

        Step("source", through.Name, line);
    }

    public void AddWindow(WindowSpec window, SourceLine line)
    {
        if (window.Problem() is { } problem)
        {
            throw Wrong(line, problem);
        }

        if (_windows.Any(other => other.Window.Name == window.Name))
        {
            throw Wrong(line, $"two kinds of windows have the name '{window.Name}'");
        }

        _windows.Add((window, line));
        Step("window", window.Name, line);
    }

    public void Keep(string window, TimeSpan retention, SourceLine line) => _kept.Add(window, retention, line);

    public void AddAlert(AlertRule rule, SourceLine line) => _alerts.Add((rule, line));

    public PipelineDefinition Define(MeasurePlan measures, string selectors, Func<EventReader> createReader, SourceLine end)
    {
        var windows = WindowPlan(end);
        var outputs = Outputs(measures, end);
        _steps.Add(new PipelineStep("measure", string.Join(", ", measures.Measures.Select(measure => measure.Name))));
        var alerts = Alerts(windows, measures);
        _steps.AddRange(outputs.Topics.Select(topic => new PipelineStep("output", topic.Name)));
        _steps.AddRange(alerts.Rules.Select(rule => new PipelineStep("alert", AlertRuleText.Describe(rule))));
        var steps = string.Join(" → ", _steps.Where(step => step.Kind is "source" or "filter" or "map" or "enrich" or "key").Select(step => $"{step.Kind}: {step.Text}"));
        var fingerprint = string.Create(CultureInfo.InvariantCulture,
            $"version={Version} {OneLine(steps)} {windows.Fingerprint} {measures.Fingerprint} [{OneLine(selectors)}]{(alerts.Rules.Count > 0 ? $" {alerts.Fingerprint}" : "")}");
        return new PipelineDefinition(name, title, _source, createReader, Key, IsKeyedByRecord, windows, measures, outputs, _steps, fingerprint)
        {
            KnownBy = KnownBy,
            KeptEvents = KeptEvents,
            Alerts = alerts,
            Kept = _kept.Check(windows.Windows, Wrong),
            Enrichment = _stage is { } stage ? new EnrichmentDefinition(name, _first, stage.Reference, _source.Declaration!, outputs.DeadLetter, stage.Enricher) : null,
        };
    }

    /// <summary>Gives errors of a part the pipeline's name and the line.</summary>
    public T Check<T>(SourceLine line, Func<T> part)
    {
        try
        {
            return part();
        }
        catch (Exception e) when (e is InvalidMeasurePlanException or InvalidAlertRuleException or ArgumentException)
        {
            throw Wrong(line, e.Message);
        }
    }

    public PipelineDefinitionException Wrong(SourceLine line, string problem) => new(name, line, problem);

    private WindowPlan WindowPlan(SourceLine end)
    {
        if (_windows.Count == 0)
        {
            throw Wrong(end, "there is no window: Windows(…)");
        }

        var (outOfOrderness, grace, futureBound, line) = Waits ?? throw Wrong(end, "it does not say how long windows wait for events: Waits(…)");
        foreach (var (window, _) in _windows.Where(w => Shortest(w.Window) <= grace))
        {
            throw Wrong(line, $"the window '{window.Name}' ({WindowSpecs.Word(Shortest(window))}) is not longer than the grace of {WindowSpecs.Word(grace)}");
        }

        var plan = new WindowPlan([.. _windows.Select(w => w.Window)], grace, outOfOrderness, futureBound);
        return Check(line, () =>
        {
            plan.Validate();
            return plan;
        });
    }

    /// <summary>Checks each rule as if it were the last, so that a mistake names its line.</summary>
    private AlertRuleSet Alerts(WindowPlan windows, MeasurePlan measures)
    {
        var set = AlertRuleSet.None;
        for (var i = 0; i < _alerts.Count; i++)
        {
            List<AlertRule> rules = [.. _alerts.Take(i + 1).Select(alert => alert.Rule)];
            set = Check(_alerts[i].Line, () => AlertRuleSet.Create(rules, windows.Windows, measures, windows.Grace, IsKeyedByRecord));
        }

        return set;
    }

    private PipelineOutputs Outputs(MeasurePlan measures, SourceLine end)
    {
        var (late, deadLetter, asideLine) = Aside ?? (SideOutput("late"), SideOutput("dead-letter"), end);
        if (Results is { } partial && !IsKeyedByRecord)
        {
            throw Wrong(partial.Line, $"its windows are partial (it groups by '{Key}', not by the record's key), and only whole windows go downstream");
        }

        List<(string Topic, SourceLine Line)> used = [(_first.Name, sourceLine)];
        if (_stage is { } stage)
        {
            used.Add((_source.Name, stage.Line));
            if (stage.Reference is { } reference)
            {
                used.Add((reference.Topic.Name, stage.Line));
            }
        }

        if (Results is { } results)
        {
            used.Add((results.Topic.Name, results.Line));
        }

        if (_alerts.Count > 0)
        {
            used.Add((Topics.Alerts.Name, _alerts[0].Line));
        }

        used.AddRange([(late.Name, asideLine), (deadLetter.Name, asideLine)]);
        if (used.GroupBy(topic => topic.Topic).FirstOrDefault(topic => topic.Count() > 1) is { } twice)
        {
            throw Wrong(twice.Last().Line, $"the topic '{twice.Key}' is used twice");
        }

        var encode = Results?.Encode ?? WindowResultEncoder.For(name, measures);
        return new PipelineOutputs(Results?.Topic, encode, late, deadLetter) { Alerts = _alerts.Count > 0 ? Topics.Alerts : null };
    }

    private TopicDeclaration SideOutput(string kind) =>
        new($"{name}-{kind}", 1, SideOutputRetention) { MaxMessageBytes = Math.Max(Largest(_first), Largest(_source)) + Topics.SideOutputRoom };

    private static int Largest(SourceTopic topic) => topic.Declaration?.MaxMessageBytes ?? Topics.LargestInput;

    private static TimeSpan Shortest(WindowSpec window) => window switch
    {
        TumblingWindows w => w.Size,
        HoppingWindows w => w.Size,
        CumulativeWindows w => w.Step,
        SessionWindows w => w.Gap,
        CalendarDays => TimeSpan.FromHours(20),
        _ => throw new ArgumentOutOfRangeException(nameof(window), window, "an unknown kind of window"),
    };

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

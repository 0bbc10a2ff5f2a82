using System.Globalization;

namespace Streaming.Benchmarks.AggregatorVsConsume;

/// <summary>What is measured: so many sales of so many stores over so much event time, read so many times by each contender.</summary>
internal sealed record Settings
{
    public int Events { get; private init; } = 4_000_000;

    public int Keys { get; private init; } = 10_000;

    /// <summary>How long the sales took in event time; a one-minute window of every store closes for each minute of it.</summary>
    public int Minutes { get; private init; } = 1;

    public int Rounds { get; private init; } = 5;

    public int Seed { get; private init; } = 1;

    /// <exception cref="FormatException">An argument is unknown or no positive number.</exception>
    public static Settings Parse(string[] args)
    {
        var settings = new Settings();
        for (int i = 0; i < args.Length; i += 2)
        {
            settings = settings.With(args[i], i + 1 < args.Length ? args[i + 1] : "");
        }

        return settings;
    }

    private Settings With(string name, string text)
    {
        if (!int.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out int value) || value < 1)
        {
            throw new FormatException($"{name} '{text}': a whole number above zero is needed.");
        }

        return name switch
        {
            "--events" => this with { Events = value },
            "--keys" => this with { Keys = value },
            "--minutes" => this with { Minutes = value },
            "--rounds" => this with { Rounds = value },
            "--seed" => this with { Seed = value },
            _ => throw new FormatException($"{name} is unknown; known are --events, --keys, --minutes, --rounds and --seed."),
        };
    }
}

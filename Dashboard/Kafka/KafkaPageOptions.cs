using Microsoft.Extensions.Options;

namespace Streaming.Dashboard.Kafka;

/// <summary>Settings of the pages about Kafka, section <c>Dashboard:Kafka</c>.</summary>
public sealed record KafkaPageOptions
{
    public const string Section = "Dashboard:Kafka";

    /// <summary>While somebody looks, the cluster is asked this often, once for all browsers.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one question to the cluster may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Of how many partitions the list of topics asks for the offsets; of those beyond, numbers are unknown.</summary>
    public int MaxPartitions { get; init; } = 10_000;

    /// <summary>How many groups are described; of those beyond, only the names are shown.</summary>
    public int MaxGroups { get; init; } = 200;

    /// <summary>How many of a topic's messages a page shows.</summary>
    public int Messages { get; init; } = 50;
}

/// <summary>Says at start which setting cannot work, with its key and value.</summary>
internal sealed class KafkaPageOptionsValidator(IConfiguration configuration) : IValidateOptions<KafkaPageOptions>
{
    public ValidateOptionsResult Validate(string? name, KafkaPageOptions options)
    {
        var problems = new List<string>();
        Between(problems, nameof(options.PollInterval), options.PollInterval, TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(5));
        Between(problems, nameof(options.RequestTimeout), options.RequestTimeout, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(1));
        Between(problems, nameof(options.MaxPartitions), options.MaxPartitions, 1, 200_000);
        Between(problems, nameof(options.MaxGroups), options.MaxGroups, 1, 5_000);
        Between(problems, nameof(options.Messages), options.Messages, 1, 500);
        try
        {
            KafkaSettings.From(configuration);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // A setting of the section of Aspire's consumers that is none, or an address that is none: the message names the key.
            problems.Add(exception.Message);
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void Between<T>(List<string> problems, string key, T value, T smallest, T largest)
        where T : IComparable<T>
    {
        if (value.CompareTo(smallest) < 0 || value.CompareTo(largest) > 0)
        {
            problems.Add($"{KafkaPageOptions.Section}:{key} is {value} but must be from {smallest} to {largest}.");
        }
    }
}

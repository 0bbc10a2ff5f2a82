using System.CommandLine;

namespace Streaming.Topics.Connecting;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    public Option<string> Servers { get; } = new("--bootstrap-server", "-b")
    {
        Description = "Kafka's address, HOST:PORT[,HOST:PORT…]. Default: the environment's ConnectionStrings__kafka, then localhost:9092.",
        HelpName = "HOST:PORT",
        Recursive = true,
    };

    public Option<FileInfo> Config { get; } = new("--command-config")
    {
        Description = "A file of settings as Java's clients have them (security.protocol, sasl.mechanism, sasl.jaas.config, ssl.…). Default: the environment's Kafka__Properties.",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string> Registry { get; } = new("--schema-registry")
    {
        Description = "The schema registry's URL, for Avro. Default: schema.registry.url of the file, then the environment's ConnectionStrings__schema-registry.",
        HelpName = "URL",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON.", Recursive = true };

    public Option<double> RequestTimeout { get; } = new("--request-timeout")
    {
        Description = "How long one question to the cluster may take, in seconds.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 10,
        Recursive = true,
    };

    public void AddTo(RootCommand root)
    {
        RequestTimeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0.1 and <= 600))
            {
                result.AddError("--request-timeout is from 0.1 to 600 seconds.");
            }
        });
        foreach (var option in new Option[] { Servers, Config, Registry, Json, RequestTimeout })
        {
            root.Options.Add(option);
        }
    }
}

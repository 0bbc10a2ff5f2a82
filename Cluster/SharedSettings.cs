using Confluent.Kafka;

namespace Streaming.Cluster;

/// <summary>
/// What every Kafka client of this application is told alike, foremost how it proves who it is: a file as Java's clients have it (<see cref="ClientProperties"/>), which
/// the configuration names under <see cref="Key"/>. It is read whenever a client is made, so a changed secret is taken up by the next one.
/// </summary>
public static class SharedSettings
{
    /// <summary>The configuration's key for the file: <c>Kafka__Properties</c> in the environment.</summary>
    public const string Key = "Kafka:Properties";

    private const long LargestFile = 1024 * 1024;

    /// <summary>Adds the file's settings to those of a client that lacks them. The servers' addresses come from the connection string, never from the file.</summary>
    /// <param name="config">The client's settings; what is set in them stays.</param>
    /// <param name="file">The file; nothing is added when it is null or empty.</param>
    /// <exception cref="ClusterException">The file or a setting in it cannot be used; no message holds a value.</exception>
    public static void AddTo(ClientConfig config, string? file)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (string.IsNullOrWhiteSpace(file))
        {
            return;
        }

        foreach (var (name, value) in Read(file).Client.Where(setting => setting.Key != "bootstrap.servers" && !IsSet(config, setting.Key)))
        {
            config.Set(name, value);
        }
    }

    /// <summary>Reads such a file.</summary>
    /// <exception cref="ClusterException">The file or a setting in it cannot be used; no message holds a value.</exception>
    public static ClientProperties Read(string file)
    {
        var path = Path.GetFullPath(file);
        try
        {
            return !File.Exists(path) ? throw Unusable(path, "there is no such file")
                : new FileInfo(path).Length > LargestFile ? throw Unusable(path, "it is larger than 1 MiB, so it is no file of settings")
                : ClientProperties.Parse(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, exception.Message, exception);
        }
    }

    private static ClusterException Unusable(string path, string why, Exception? inner = null) =>
        new(ClusterFailure.Invalid, $"Kafka's client settings in '{path}' ({Key}) cannot be read: {why}.", inner);

    // librdkafka knows this one by two names.
    private static bool IsSet(ClientConfig config, string name) =>
        config.Any(setting => setting.Key == name || (name is "sasl.mechanisms" or "sasl.mechanism" && setting.Key is "sasl.mechanisms" or "sasl.mechanism"));
}

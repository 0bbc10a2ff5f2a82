using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>A topic as its <c>topic.json</c> says.</summary>
internal sealed record TopicMetadata(string Name, Guid Id, int Partitions, IReadOnlyDictionary<string, string> Configs);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TopicMetadata))]
internal sealed partial class TopicMetadataJson : JsonSerializerContext;

/// <summary>
/// The folder of one topic, named after its id; one folder per partition lies in it. The topic exists exactly when <c>topic.json</c> does: it comes last
/// when a topic is made and goes first when it is deleted, each time by a rename.
/// </summary>
internal sealed record TopicFolder(string Path)
{
    private string MetadataPath => System.IO.Path.Combine(Path, "topic.json");

    public static TopicFolder Of(string root, Guid id) => new(System.IO.Path.Combine(root, id.ToString("N")));

    public string PartitionPath(int partition) => System.IO.Path.Combine(Path, partition.ToString(CultureInfo.InvariantCulture));

    public void Save(TopicMetadata metadata, LogFileAccess access) =>
        CheckedFile.Replace(MetadataPath, access, JsonSerializer.SerializeToUtf8Bytes(metadata, TopicMetadataJson.Default.TopicMetadata));

    /// <summary>Null when the folder holds no topic: its creation or deletion did not come to its end.</summary>
    /// <exception cref="InvalidDataException">The file is no topic's.</exception>
    public TopicMetadata? TryLoad()
    {
        if (!File.Exists(MetadataPath))
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(MetadataPath), TopicMetadataJson.Default.TopicMetadata)
                ?? throw new InvalidDataException($"'{MetadataPath}' is empty.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"'{MetadataPath}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>From here on the topic does not exist.</summary>
    public void Retire() => File.Move(MetadataPath, MetadataPath + ".deleted", overwrite: true);

    public void Remove() => Directory.Delete(Path, recursive: true);
}

namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The configurations with who set them.</summary>
internal sealed record DescribeConfigsResponse(IReadOnlyList<DescribeConfigsResponse.Result> Results, bool IncludeSynonyms) : IResponse
{
    public void Write(WireWriter writer)
    {
        writer.WriteInt32(0); // throttle time
        writer.WriteArray(Results, (w, result) =>
        {
            w.WriteError(result.Error);
            w.WriteNullableString(result.Message);
            result.Resource.Write(w);
            w.WriteArray(result.Configs, WriteConfig);
            w.WriteTaggedFields();
        });
        writer.WriteTaggedFields();
    }

    private void WriteConfig(WireWriter writer, ConfigEntry config)
    {
        writer.WriteString(config.Name);
        writer.WriteNullableString(config.Value);
        writer.WriteBoolean(config.ReadOnly);
        if (writer.Version == 0)
        {
            writer.WriteBoolean(config.Source == ConfigSource.Default);
        }
        else
        {
            writer.WriteInt8((sbyte)config.Source);
        }

        writer.WriteBoolean(false); // sensitive
        if (writer.Version >= 1)
        {
            WriteSynonyms(writer, config);
        }

        if (writer.Version >= 3)
        {
            writer.WriteInt8(config.Type);
            writer.WriteNullableString(null); // documentation
        }

        writer.WriteTaggedFields();
    }

    /// <summary>The value in force first, then what stands behind it.</summary>
    private void WriteSynonyms(WireWriter writer, ConfigEntry config)
    {
        List<(string? Value, ConfigSource Source)> synonyms = IncludeSynonyms ? [(config.Value, config.Source)] : [];
        if (IncludeSynonyms && config is { Source: not ConfigSource.Default, Default: not null })
        {
            synonyms.Add((config.Default, ConfigSource.Default));
        }

        writer.WriteArray(synonyms, (w, synonym) =>
        {
            w.WriteString(config.Name);
            w.WriteNullableString(synonym.Value);
            w.WriteInt8((sbyte)synonym.Source);
            w.WriteTaggedFields();
        });
    }

    internal sealed record Result(ConfigResource Resource, ErrorCode Error, string? Message, IReadOnlyList<ConfigEntry> Configs);
}

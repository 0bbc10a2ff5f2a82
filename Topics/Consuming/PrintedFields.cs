namespace Streaming.Topics.Consuming;

/// <summary>What is printed of a record besides its value.</summary>
[Flags]
internal enum PrintedFields
{
    None = 0,
    Timestamp = 1,
    Partition = 2,
    Offset = 4,
    Headers = 8,
    Key = 16,
    All = Timestamp | Partition | Offset | Headers | Key,
}

internal static class PrintedFieldNames
{
    /// <summary>Reads <c>key,headers</c>; <c>all</c> is everything, <c>value</c> is always printed.</summary>
    /// <exception cref="UsageException">A word is none of them.</exception>
    public static PrintedFields Parse(string text)
    {
        var fields = PrintedFields.None;
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            fields |= word.ToUpperInvariant() switch
            {
                "KEY" => PrintedFields.Key,
                "HEADERS" => PrintedFields.Headers,
                "TIMESTAMP" => PrintedFields.Timestamp,
                "PARTITION" => PrintedFields.Partition,
                "OFFSET" => PrintedFields.Offset,
                "VALUE" => PrintedFields.None,
                "ALL" => PrintedFields.All,
                _ => throw new UsageException($"--print: '{word}' is none of key, headers, timestamp, partition, offset, value, all."),
            };
        }

        return fields;
    }
}

namespace Streaming.Producer.Import.Input;

/// <summary>Opens what is imported.</summary>
internal static class ImportSource
{
    /// <summary>The bytes, and how many there are.</summary>
    /// <exception cref="ImportException">There is no such file, or it cannot be read.</exception>
    public static (Stream Source, long? Length) Open(ImportOptions options, Func<Stream> standardInput)
    {
        if (options.IsStandardInput)
        {
            return (standardInput(), null);
        }

        try
        {
            var file = new FileStream(options.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return (file, file.CanSeek ? file.Length : null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"{options.File} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The records in it.</summary>
    public static IRecordReader Read(Stream utf8, ImportOptions options, int longest) => options.Format switch
    {
        InputFormat.Csv => new CsvRecords(utf8, options, longest),
        _ => new NdjsonRecords(utf8, longest),
    };
}

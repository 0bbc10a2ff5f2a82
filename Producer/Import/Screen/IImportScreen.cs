namespace Streaming.Producer.Import.Screen;

/// <summary>Where a person follows an import.</summary>
public interface IImportScreen
{
    /// <summary>Writes a line.</summary>
    void Line(string text);

    /// <summary>Shows the progress while the work runs.</summary>
    Task<T> DuringAsync<T>(Task<T> work, Func<ImportProgress> progress);
}

/// <summary>Where there is no terminal: a line every few seconds.</summary>
public sealed class PlainScreen(TextWriter output, TimeProvider time) : IImportScreen
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly TextWriter _output = TextWriter.Synchronized(output);

    /// <inheritdoc/>
    public void Line(string text) => _output.WriteLine(text);

    /// <inheritdoc/>
    public async Task<T> DuringAsync<T>(Task<T> work, Func<ImportProgress> progress)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(progress);
        while (await Task.WhenAny(work, Task.Delay(Every, time)).ConfigureAwait(false) != work)
        {
            Line(ProgressText.Of(progress()));
        }

        return await work.ConfigureAwait(false);
    }
}

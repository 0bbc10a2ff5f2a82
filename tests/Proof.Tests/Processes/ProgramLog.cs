using System.Globalization;

namespace Streaming.Proof.Tests.Processes;

/// <summary>What one program wrote over all of its runs: a file, and the last lines in memory for the message of a failure.</summary>
internal sealed class ProgramLog(string file) : IDisposable
{
    private const int LinesKept = 60;

    private readonly Lock _lock = new();
    private readonly Queue<string> _last = new();
    private readonly StreamWriter _file = new(file) { AutoFlush = true };

    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            line = $"{DateTime.UtcNow.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {line}";
            _file.WriteLine(line);
            _last.Enqueue(line);
            if (_last.Count > LinesKept)
            {
                _last.Dequeue();
            }
        }
    }

    /// <summary>Whether a text has ever been written.</summary>
    public bool Has(string text)
    {
        lock (_lock)
        {
            return File.ReadLines(file).Any(line => line.Contains(text, StringComparison.Ordinal));
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join('\n', _last);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file.Dispose();
        }
    }
}

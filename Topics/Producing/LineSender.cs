using Confluent.Kafka;

namespace Streaming.Topics.Producing;

/// <summary>Reads, parses, sends; a bad line is told and passed over.</summary>
internal sealed class LineSender(LineReader lines, RecordParser parser, Sender sender, TopicPartition target, Headers headers, Action<string> tell)
{
    private const int ToldProblems = 10;

    /// <summary>Lines that are no record.</summary>
    public long Refused { get; private set; }

    /// <returns>Whether it was stopped before the end of its input.</returns>
    public async Task<bool> RunAsync(bool whole, CancellationToken cancellationToken)
    {
        try
        {
            if (whole)
            {
                await SendAsync(await lines.RestAsync(cancellationToken), cancellationToken);
                return false;
            }

            while (await lines.NextAsync(cancellationToken) is { } line)
            {
                await SendAsync(line, cancellationToken);
            }

            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return true;
        }
        catch (InvalidDataException exception)
        {
            Refuse(exception.Message);
            return false;
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        if (!parser.TryParse(line.Span, out var record, out var problem))
        {
            Refuse($"Line {lines.Line} is left out: {problem}.");
            return;
        }

        await sender.SendAsync(target, new Message<byte[], byte[]> { Key = record.Key!, Value = record.Value!, Headers = headers }, lines.Line, cancellationToken);
    }

    private void Refuse(string problem)
    {
        Refused++;
        if (Refused <= ToldProblems)
        {
            tell(problem);
        }
        else if (Refused == ToldProblems + 1)
        {
            tell("Further lines that are left out are only counted.");
        }
    }
}

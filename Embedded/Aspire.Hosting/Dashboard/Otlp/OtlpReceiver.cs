using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>Receives telemetry as the OTLP specification has it (https://opentelemetry.io/docs/specs/otlp/#otlphttp), in protobuf only.</summary>
internal sealed class OtlpReceiver(Telemetry telemetry, string? key) : IDisposable
{
    /// <summary>Of a body as it is sent, and of what is unpacked from it.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;
    private const string Protobuf = "application/x-protobuf";
    private static readonly StreamPipeReaderOptions s_buffers = new(bufferSize: 32 * 1024, leaveOpen: true);

    // A body of 4 MiB of empty messages becomes some 200 MB of objects: so few at a time.
    private readonly SemaphoreSlim _turns = new(2, 2);

    public async Task HandleAsync(HttpContext context)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        var (code, answer) = await TakeAsync(context.Request, patience.Token).ConfigureAwait(false);
        (context.Response.StatusCode, context.Response.ContentType) = (code, Protobuf);
        await context.Response.Body.WriteAsync(answer.ToByteArray(), CancellationToken.None).ConfigureAwait(false);
    }

    public void Dispose() => _turns.Dispose();

    private async Task<(int Code, IMessage Answer)> TakeAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var take = Taker(request);
            await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return (StatusCodes.Status200OK, new ExportResponse { PartialSuccess = await ReadAsync(request, take, cancellationToken).ConfigureAwait(false) });
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or OperationCanceledException or IOException) // Those of Kestrel and of protobuf are IOExceptions.
        {
            var isMalformed = exception is InvalidProtocolBufferException or InvalidDataException;
            var code = (exception as BadHttpRequestException)?.StatusCode ?? (isMalformed ? StatusCodes.Status400BadRequest : StatusCodes.Status503ServiceUnavailable);
            return (code, new Status { Message = exception.Message });
        }
    }

    /// <summary>What takes the request's signal.</summary>
    /// <exception cref="BadHttpRequestException">It is none that is taken, with its status.</exception>
    private Func<ReadOnlySequence<byte>, PartialSuccess?> Taker(HttpRequest request) =>
        key is not null && !Access.IsSame(request.Headers["x-otlp-api-key"], key) ? throw new BadHttpRequestException("The key in x-otlp-api-key is not this run's.", StatusCodes.Status401Unauthorized)
        : !HttpMethods.IsPost(request.Method) ? throw new BadHttpRequestException("Only POST.", StatusCodes.Status405MethodNotAllowed)
        : request.ContentType?.Split(';')[0].Trim().Equals(Protobuf, StringComparison.OrdinalIgnoreCase) != true || request.Headers.ContentEncoding.ToString() is not ("" or "identity" or "gzip")
            ? throw new BadHttpRequestException($"Only {Protobuf}, plain or in gzip.", StatusCodes.Status415UnsupportedMediaType)
        : request.Path.Value switch
        {
            "/v1/traces" => TakeTraces,
            "/v1/logs" => TakeLogs,
            "/v1/metrics" => TakeMetrics,
            _ => throw new BadHttpRequestException("Only /v1/traces, /v1/logs, /v1/metrics.", StatusCodes.Status404NotFound),
        };

    private static async Task<PartialSuccess?> ReadAsync(HttpRequest request, Func<ReadOnlySequence<byte>, PartialSuccess?> take, CancellationToken cancellationToken)
    {
        var unpacked = request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true) : request.Body;
        var reader = PipeReader.Create(unpacked, s_buffers);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (read.Buffer.Length > MaxBytes)
                {
                    throw new BadHttpRequestException($"More than {MaxBytes} bytes.", StatusCodes.Status413PayloadTooLarge);
                }

                if (read.IsCompleted)
                {
                    return take(read.Buffer);
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private PartialSuccess? TakeTraces(ReadOnlySequence<byte> bytes) => Rejected("A span needs a trace id and a span id.",
        ExportTraceRequest.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes).ResourceSpans.Select(all => (Source: RecordReader.SourceOf(all.Resource), all.ScopeSpans))
            .SelectMany(all => all.ScopeSpans.SelectMany(scope => scope.Spans), (all, span) => telemetry.Add(all.Source, span)));

    private PartialSuccess? TakeLogs(ReadOnlySequence<byte> bytes) => Rejected("",
        ExportLogsRequest.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes).ResourceLogs.Select(all => (Source: RecordReader.SourceOf(all.Resource), all.ScopeLogs))
            .SelectMany(all => all.ScopeLogs.SelectMany(scope => scope.LogRecords, (scope, record) => telemetry.Add(all.Source, scope.Scope, record))));

    private PartialSuccess? TakeMetrics(ReadOnlySequence<byte> bytes) => Rejected("Only gauges, sums and histograms with fixed bounds are shown.",
        ExportMetricsRequest.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes).ResourceMetrics.Select(all => (Source: RecordReader.SourceOf(all.Resource), all.ScopeMetrics))
            .SelectMany(all => all.ScopeMetrics.SelectMany(scope => scope.Metrics), (all, metric) => telemetry.Add(all.Source, metric)));

    private static PartialSuccess? Rejected(string why, IEnumerable<bool> taken) =>
        taken.Count(one => !one) is var rejected and > 0 ? new PartialSuccess { Rejected = rejected, ErrorMessage = why } : null;
}

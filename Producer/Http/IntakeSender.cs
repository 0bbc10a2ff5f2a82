using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Streaming.Contracts.Formats;
using Streaming.Producer.Records;

namespace Streaming.Producer.Http;

/// <summary>Takes requests: reads, checks, sends, and answers when Kafka has.</summary>
internal sealed class IntakeSender(IOptions<IntakeOptions> options, IntakeTopics topics, InFlight inFlight, IntakeProducer producer)
{
    private const int ProblemsTold = 100;

    private readonly IntakeOptions _options = options.Value;

    /// <summary>Sends the body as one record.</summary>
    /// <exception cref="IntakeRefusal">It is not taken, or not acknowledged.</exception>
    public async Task<SingleAnswer> SendAsync(string topic, HttpContext http)
    {
        var facts = await topics.FindAsync(topic, http.RequestAborted).ConfigureAwait(false);
        var kind = IntakeBody.Kind(http.Request);
        if (kind == BodyKind.Ndjson)
        {
            throw IntakeBody.Unsupported(http.Request);
        }

        var keys = IntakeKey.Of(http.Request, topics.NeedsKey(topic), kind);
        var most = Math.Min(_options.LargestRecord, facts.LargestRecord);
        using var room = inFlight.Enter(Math.Min(http.Request.ContentLength ?? most, most));
        var value = await IntakeBody.ReadAsync(http, most, http.RequestAborted).ConfigureAwait(false);
        IntakeBody.Check(kind, value);
        if (!keys.TryTake(value, out var key, out var problem))
        {
            throw new IntakeRefusal(StatusCodes.Status422UnprocessableEntity, $"The record: {problem}.");
        }

        if (Unfit(facts, key, value.Length) is { } unfit)
        {
            throw new IntakeRefusal(StatusCodes.Status413PayloadTooLarge, unfit);
        }

        var sent = await producer.QueueAsync(topic, key, value, room, isTraced: true, http.RequestAborted).ConfigureAwait(false);
        var report = await AnswerAsync(sent).ConfigureAwait(false);
        return Refusal(report.Error) is { } refusal ? throw refusal : new SingleAnswer(topic, report.Partition.Value, report.Offset.Value);
    }

    /// <summary>
    /// Sends the body's records. Unless <paramref name="skips"/>, nothing is sent when one of them is wrong; whatever is sent is sent in the order of the body.
    /// </summary>
    /// <exception cref="IntakeRefusal">Nothing is taken, or not all is acknowledged.</exception>
    public async Task<BatchAnswer> SendBatchAsync(string topic, bool skips, HttpContext http)
    {
        var facts = await topics.FindAsync(topic, http.RequestAborted).ConfigureAwait(false);
        var kind = IntakeBody.Kind(http.Request);
        if (kind is not (BodyKind.Ndjson or BodyKind.Json))
        {
            throw IntakeBody.Unsupported(http.Request);
        }

        var keys = IntakeKey.Of(http.Request, topics.NeedsKey(topic), kind);
        using var room = inFlight.Enter(Math.Min(http.Request.ContentLength ?? _options.LargestBatch, _options.LargestBatch));
        var body = await IntakeBody.ReadAsync(http, _options.LargestBatch, http.RequestAborted).ConfigureAwait(false);
        var (records, problems) = Check(IntakeBatch.Split(kind, body), keys, facts);
        if (problems.Count > 0 && !skips)
        {
            throw new IntakeRefusal(StatusCodes.Status400BadRequest, $"{problems.Count} of {records.Count + problems.Count} records are wrong; nothing was sent. on-error=skip sends the others.")
            {
                More = { ["accepted"] = 0, ["rejected"] = problems.Count, ["errors"] = problems.Take(ProblemsTold) },
            };
        }

        await SendAllAsync(topic, records, problems.Count, room, http.RequestAborted).ConfigureAwait(false);
        return new BatchAnswer(topic, records.Count, problems.Count, [.. problems.Take(ProblemsTold)]);
    }

    private (List<(BatchItem Item, byte[]? Key)> Records, List<BatchProblem> Problems) Check(List<BatchItem> items, IntakeKey keys, TopicFacts facts)
    {
        List<(BatchItem, byte[]?)> records = [];
        List<BatchProblem> problems = [];
        foreach (var item in items)
        {
            byte[]? key = null;
            var problem = JsonCheck.Problem(item.Value.Span);
            if (problem is null && keys.TryTake(item.Value.Span, out key, out problem))
            {
                problem = item.Value.Length > _options.LargestRecord ? $"larger than {_options.LargestRecord} bytes" : Unfit(facts, key, item.Value.Length);
            }

            if (problem is null)
            {
                records.Add((item, key));
            }
            else
            {
                problems.Add(new BatchProblem(item.Number, problem));
            }
        }

        return (records, problems);
    }

    private async Task SendAllAsync(string topic, List<(BatchItem Item, byte[]? Key)> records, int rejected, InFlight.Room room, CancellationToken cancellationToken)
    {
        List<Task<DeliveryReport<byte[]?, byte[]>>> sent = [];
        IntakeRefusal? refusal = null;
        try
        {
            foreach (var (item, key) in records)
            {
                // A request is traced once: by its first record.
                sent.Add(await producer.QueueAsync(topic, key, item.Value.ToArray(), room, isTraced: sent.Count == 0, cancellationToken).ConfigureAwait(false));
            }
        }
        catch (IntakeRefusal full)
        {
            refusal = full;
        }

        var failed = records.Count - sent.Count;
        int? first = failed > 0 ? records[sent.Count].Item.Number : null;
        for (var i = sent.Count - 1; i >= 0; i--)
        {
            if (Refusal((await AnswerAsync(sent[i]).ConfigureAwait(false)).Error) is { } one)
            {
                (refusal, first) = (one, records[i].Item.Number);
                failed++;
            }
        }

        if (refusal is not null)
        {
            refusal.More["accepted"] = records.Count - failed;
            refusal.More["rejected"] = rejected;
            refusal.More["failed"] = failed;
            refusal.More["first_failed"] = first;
            throw refusal;
        }
    }

    private static string? Unfit(TopicFacts facts, byte[]? key, int length) =>
        length + (key?.Length ?? 0) > facts.LargestRecord ? $"larger with its key than the {facts.LargestRecord} bytes that the topic takes" : null;

    private static async Task<DeliveryReport<byte[]?, byte[]>> AnswerAsync(Task<DeliveryReport<byte[]?, byte[]>> sent)
    {
        try
        {
            return await sent.ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new DeliveryReport<byte[]?, byte[]> { Error = new Error(ErrorCode.Local_MsgTimedOut) };
        }
    }

    private static IntakeRefusal? Refusal(Error error) => !error.IsError ? null : error.Code switch
    {
        ErrorCode.MsgSizeTooLarge => new IntakeRefusal(StatusCodes.Status413PayloadTooLarge, "The record is larger than the topic takes."),
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition => new IntakeRefusal(StatusCodes.Status404NotFound, "There is no such topic on the cluster any more."),
        ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.PolicyViolation or ErrorCode.InvalidRecord =>
            new IntakeRefusal(StatusCodes.Status502BadGateway, $"Kafka refuses the record: {error.Reason}"),
        _ => IntakeRefusal.TryLater(StatusCodes.Status503ServiceUnavailable, $"Kafka has not acknowledged the record, which may be in the topic all the same: {error.Reason}"),
    };
}

/// <summary>Where a record lies.</summary>
internal sealed record SingleAnswer(string Topic, int Partition, long Offset);

/// <summary>What became of a batch's records.</summary>
internal sealed record BatchAnswer(string Topic, int Accepted, int Rejected, IReadOnlyList<BatchProblem> Errors);

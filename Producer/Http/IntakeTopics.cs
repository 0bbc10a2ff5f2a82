using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Streaming.Contracts.Kafka;
using Streaming.Producer.Publishing;
using Streaming.Producer.Records;

namespace Streaming.Producer.Http;

/// <summary>The topics that are open, and what the cluster says about them, which is asked again now and then.</summary>
internal sealed class IntakeTopics(IOptions<IntakeOptions> options, KafkaConnection connection, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Known = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KnownMissing = TimeSpan.FromSeconds(1);

    private readonly IReadOnlySet<string> _keyed = options.Value.KeyedNames;
    private readonly IReadOnlySet<string> _keyless = options.Value.KeylessNames;
    private readonly ConcurrentDictionary<string, Answer> _answers = [];
    private readonly AdminConnection _connection = new(() => new AdminClientBuilder(KafkaTopics.AdminConfig(connection.Config))
        .SetLogHandler((_, _) => { /* What fails is told to the sender. */ })
        .Build());

    /// <summary>Whether records of the topic need a key.</summary>
    public bool NeedsKey(string topic) => _keyed.Contains(topic);

    /// <summary>What is known of an open topic.</summary>
    /// <exception cref="IntakeRefusal">It is not open or not there (404), or Kafka does not answer (503).</exception>
    public async Task<TopicFacts> FindAsync(string topic, CancellationToken cancellationToken)
    {
        if (!_keyed.Contains(topic) && !_keyless.Contains(topic))
        {
            throw new IntakeRefusal(StatusCodes.Status404NotFound, $"The topic is not open: {IntakeOptions.Section}:{nameof(IntakeOptions.Topics)} names those that are.");
        }

        var answer = _answers.GetValueOrDefault(topic);
        if (answer is null || answer.GoodUntil < time.GetUtcNow())
        {
            answer = await AskAsync(topic, cancellationToken).ConfigureAwait(false);
            _answers[topic] = answer;
        }

        return answer.Facts ?? throw new IntakeRefusal(StatusCodes.Status404NotFound, "There is no such topic on the cluster.");
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private async Task<Answer> AskAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            var facts = await _connection.AskAsync((admin, ending) => TopicFacts.FindAsync(admin, topic, ending), cancellationToken).ConfigureAwait(false);
            return new Answer(facts, time.GetUtcNow() + (facts is null ? KnownMissing : Known));
        }
        catch (KafkaException exception)
        {
            throw IntakeRefusal.TryLater(StatusCodes.Status503ServiceUnavailable, $"Kafka does not answer: {exception.Error.Reason}");
        }
    }

    private sealed record Answer(TopicFacts? Facts, DateTimeOffset GoodUntil);
}

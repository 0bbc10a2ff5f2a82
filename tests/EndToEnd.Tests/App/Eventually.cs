namespace Streaming.EndToEnd.Tests.App;

/// <summary>Waits for a condition, with a bound, and says what it last saw when the bound is reached.</summary>
internal static class Eventually
{
    public static async Task<T> GetAsync<T>(Func<Task<T>> probe, Func<T, bool> isThere, string what, TimeSpan bound, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(bound);
        object? last = null;
        while (true)
        {
            try
            {
                var value = await probe();
                if (isThere(value))
                {
                    return value;
                }

                last = value;
            }
            catch (Exception e) when (e is Npgsql.NpgsqlException or HttpRequestException or Confluent.Kafka.KafkaException)
            {
                last = e.Message;
            }

            try
            {
                await Task.Delay(200, timer.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"{what}: not within {bound}; last seen: {last}");
            }
        }
    }
}

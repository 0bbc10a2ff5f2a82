namespace Streaming.Embedded;

/// <summary>How the servers that stand in here are told to stop. Each compiles this file itself: they share nothing else.</summary>
internal static class StopRequest
{
    /// <summary>Completes when it is asked for: by the token (a signal), or by the end of standard input, which comes even when whoever started the server is killed.</summary>
    public static Task WaitAsync(bool orEndOfInput, CancellationToken cancellationToken)
    {
        // A read of a pipe that is under way cannot be cancelled on Unix, so it is not waited for.
        var token = Task.Delay(Timeout.Infinite, cancellationToken);
        return Task.WhenAny(orEndOfInput && Console.IsInputRedirected ? [token, EndOfInputAsync()] : [token]);
    }

    private static async Task EndOfInputAsync()
    {
        var input = Console.OpenStandardInput();
        await using (input.ConfigureAwait(false))
        {
            await input.CopyToAsync(Stream.Null, CancellationToken.None).ConfigureAwait(false);
        }
    }
}

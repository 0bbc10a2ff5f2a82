using Streaming.Dashboard.Queries;

namespace Streaming.Dashboard.Components;

/// <summary>
/// What a component shows of a past range: read once for what is wanted, given up as soon as something else is wanted. What was shown before stays until the
/// new answer is there.
/// </summary>
/// <typeparam name="TWanted">What an answer is for: the range, and whatever else it depends on.</typeparam>
/// <typeparam name="T">The answer.</typeparam>
/// <param name="read">Asks the database.</param>
/// <param name="failed">Hears why an answer could not be had; people are told by <see cref="Problem"/>.</param>
internal sealed class PastLoad<TWanted, T>(Func<TWanted, CancellationToken, Task<T>> read, Action<Exception, TWanted> failed) : IDisposable
    where TWanted : struct, IEquatable<TWanted>
    where T : class?
{
    private CancellationTokenSource? _reading;
    private TWanted? _wanted;

    /// <summary>The newest answer; null before the first one, and after one that could not be had.</summary>
    public T? Value { get; private set; }

    /// <summary>Why there is none, in words for people.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether what is wanted is being read.</summary>
    public bool IsLoading { get; private set; }

    /// <summary>Reads what is wanted, unless it is there or on its way.</summary>
    public Task WantAsync(TWanted wanted) => wanted.Equals(_wanted) ? Task.CompletedTask : ReadAsync(wanted);

    /// <summary>Reads the same again.</summary>
    public Task AgainAsync() => _wanted is { } wanted ? ReadAsync(wanted) : Task.CompletedTask;

    /// <summary>Nothing past is wanted any more.</summary>
    public void Forget()
    {
        GiveUp();
        (_wanted, Value, Problem, IsLoading) = (null, null, null, false);
    }

    public void Dispose() => GiveUp();

    private async Task ReadAsync(TWanted wanted)
    {
        GiveUp();
        var reading = _reading = new CancellationTokenSource();
        (_wanted, Problem, IsLoading) = (wanted, null, true);
        try
        {
            var value = await read(wanted, reading.Token);
            if (reading == _reading)
            {
                (Value, IsLoading) = (value, false);
            }
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            // Something newer is wanted, or the page is gone.
        }
        catch (Exception e) when (IsNoAnswer(e))
        {
            if (reading == _reading)
            {
                failed(e, wanted);
                (Value, IsLoading) = (null, false);
                Problem = e is RangeTooLargeException ? e.Message : "The database did not answer. The live view goes on as soon as it is back.";
            }
        }
    }

    private static bool IsNoAnswer(Exception e) => e is RangeTooLargeException || NoAnswer.Is(e);

    private void GiveUp()
    {
        _reading?.Cancel();
        _reading?.Dispose();
        _reading = null;
    }
}

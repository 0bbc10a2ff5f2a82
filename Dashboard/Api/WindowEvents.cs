using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Streaming.Contracts.Pipelines;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Api;

/// <summary>
/// The windows of the live range as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): first all of them, then each that changes, whole.
/// A listener that is slow skips states in between and gets the newest; one that comes back gets all of them anew.
/// </summary>
public sealed class WindowEvents(PipelineFeeds feeds, IOptions<DashboardOptions> options, TimeProvider time)
{
    /// <summary>How often a listener hears something although nothing changes, so that dead connections are noticed by both.</summary>
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Events until cancelled: <c>state</c>, <c>reset</c>, <c>window</c>, <c>removed</c>, <c>ready</c>, <c>heartbeat</c>.</summary>
    internal async IAsyncEnumerable<SseItem<object>> FollowAsync(
        string pipeline, string? window, string? key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscription = feeds.Of(pipeline, window).Subscribe();
        var changes = new WindowChanges();
        var (condition, isReady) = (FeedCondition.Starting, false);
        var next = subscription.NextAsync(cancellationToken).AsTask();
        while (true)
        {
            if (await Task.WhenAny(next, Task.Delay(Heartbeat, time, cancellationToken)) != next)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new SseItem<object>(new { at = time.GetUtcNow() }, "heartbeat");
                continue;
            }

            var snapshot = await next;
            if (snapshot.Health.Condition != condition)
            {
                condition = snapshot.Health.Condition;
                // No reason: it may name hosts that are nobody's business.
                yield return new SseItem<object>(new { state = condition.ToString().ToLowerInvariant(), since = snapshot.Health.Since }, "state");
            }

            if (condition == FeedCondition.Live)
            {
                foreach (var item in Items(changes, snapshot, key))
                {
                    yield return item;
                }

                if (!isReady)
                {
                    isReady = true;
                    yield return new SseItem<object>(new { at = snapshot.DatabaseTime }, "ready");
                }
            }

            await Task.Delay(options.Value.MinUpdateInterval, time, cancellationToken);
            next = subscription.NextAsync(cancellationToken).AsTask();
        }
    }

    private static IEnumerable<SseItem<object>> Items(WindowChanges changes, PipelineSnapshot snapshot, string? key)
    {
        if (snapshot is not { Info.Description: { } description, Spec: { } spec })
        {
            yield break;
        }

        var (isReset, changed, removed) = changes.Next(snapshot, key);
        if (isReset)
        {
            yield return new SseItem<object>(new { generation = snapshot.Info.Generation }, "reset");
        }

        foreach (var gone in removed)
        {
            yield return new SseItem<object>(new { window = spec.Name, start = gone.Window.Start, end = gone.Window.End, key = gone.Key }, "removed");
        }

        foreach (var row in changed)
        {
            yield return new SseItem<object>(ItemOf(description, row), "window");
        }
    }

    private static WindowItem ItemOf(PipelineDescription description, MeasuredWindow row) => ApiEndpoints.ItemOf(description, row);
}

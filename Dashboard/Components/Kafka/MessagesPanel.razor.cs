using System.Globalization;
using Microsoft.AspNetCore.Components;
using Streaming.Cluster;
using Streaming.Cluster.Messages;
using Streaming.Dashboard.Kafka;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Kafka;

/// <summary>A topic's messages: the newest as they come, or from an offset or a time on. What is chosen lies in the URL.</summary>
public sealed partial class MessagesPanel : IAsyncDisposable
{
    private const int KeyLength = 48;
    private const int ValueLength = 160;
    private const string OffsetKey = "offset";
    private const string PartitionKey = "partition";
    private const string SinceKey = "since";

    private readonly CancellationTokenSource _stop = new();
    private MessageRow? _open;
    private MessagePage? _looked;
    private Look? _lookedAt;
    private string? _problem;

    [Inject]
    private KafkaFeeds Feeds { get; set; } = default!;

    [Inject]
    private TimeProvider Clocks { get; set; } = default!;

    [CascadingParameter]
    private ViewerClock Clock { get; set; } = ViewerClock.Utc;

    [Parameter, EditorRequired]
    public string Topic { get; set; } = "";

    [Parameter, EditorRequired]
    public TopicSnapshot Snapshot { get; set; } = TopicSnapshot.Empty;

    private Look Choice => Look.Parse(Navigation.ToAbsoluteUri(Navigation.Uri).Query);

    private MessagePage? Page => Choice.IsLive ? Snapshot.Newest : _looked;

    private string? Problem => _problem ?? (Choice.IsLive ? Snapshot.MessagesProblem : null);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    protected override Task OnParametersSetAsync()
    {
        var choice = Choice;
        if (choice == _lookedAt)
        {
            return Task.CompletedTask;
        }

        (_lookedAt, _looked, _problem) = (choice, null, null);
        return choice.IsLive ? Task.CompletedTask : LookAsync(choice);
    }

    private async Task LookAsync(Look choice)
    {
        try
        {
            var page = await Feeds.LookAsync(Topic, choice.From, choice.Partition, _stop.Token);
            if (_lookedAt == choice)
            {
                _looked = page;
            }
        }
        catch (ClusterException exception)
        {
            _problem = _lookedAt == choice ? exception.Message : _problem;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    private void Open(MessageRow message) => _open = _open?.Id == message.Id ? null : message;

    private void FromOffset() => Go(Choice with { Offset = Choice.Offset ?? 0, Since = null });

    private void FromTime() => Go(new Look(null, null, Choice.Since ?? Clocks.GetUtcNow().AddHours(-1)));

    private void SetOffset(ChangeEventArgs change) => Go(Choice with { Offset = Number(change) ?? 0 });

    private void SetPartition(ChangeEventArgs change) => Go(Choice with { Partition = Number(change) is >= 0 and <= int.MaxValue and var number ? (int)number : null });

    private void SetTime(ChangeEventArgs change)
    {
        if (Clock.ParseLocal(change.Value as string) is { } instant)
        {
            Go(new Look(null, null, instant));
        }
    }

    private static long? Number(ChangeEventArgs change) =>
        long.TryParse(change.Value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private void Go(Look look) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            [OffsetKey] = look.Offset,
            [PartitionKey] = look.Offset is null ? null : look.Partition,
            [SinceKey] = look.Since?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        }),
        replace: true);

    private string Caption() => Choice.IsLive
        ? $"the newest {Figures.Count(Page?.Messages.Length)}, as they come; a click shows a message whole"
        : Page is null ? "from a chosen place on" : Page.End switch
        {
            PeekEnd.EndOfTopic => $"{Figures.Count(Page.Messages.Length)}, up to the end of the topic",
            PeekEnd.Bytes => $"{Figures.Count(Page.Messages.Length)}; they are large, so that no more are read at a time",
            PeekEnd.Patience => $"{Figures.Count(Page.Messages.Length)} that came in time; the cluster is slow",
            _ => $"{Figures.Count(Page.Messages.Length)} from there on",
        };

    private string Time(MessageRow message) => message.Timestamp is { } at ? Clock.Local(at).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture) : Figures.Unknown;

    private static string Utc(MessageRow message) => message.Timestamp is { } at
        ? $"{at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} UTC, set by the {(message.IsAppendTime ? "broker" : "writer")}"
        : "no timestamp";

    /// <summary>What is looked at, as the URL has it; what is not understood there is ignored.</summary>
    internal sealed record Look(long? Offset, int? Partition, DateTimeOffset? Since)
    {
        public static readonly Look Newest = new(null, null, null);

        public bool IsLive => Offset is null && Since is null;

        public ReadFrom From => Offset is { } offset ? new ReadFrom.At(offset) : Since is { } since ? new ReadFrom.Since(since) : throw new InvalidOperationException("the newest come by themselves");

        public static Look Parse(string query)
        {
            var values = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query);
            string? One(string key) => values.TryGetValue(key, out var value) && value.Count > 0 ? value[0] : null;
            if (long.TryParse(One(OffsetKey), NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            {
                return new Look(offset, int.TryParse(One(PartitionKey), NumberStyles.None, CultureInfo.InvariantCulture, out var partition) ? partition : null, null);
            }

            return DateTimeOffset.TryParse(One(SinceKey), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var since)
                ? new Look(null, null, since)
                : Newest;
        }
    }
}

namespace Streaming.Embedded.Kafka.Tests.Storage;

/// <summary>A batch that the log has acknowledged.</summary>
/// <param name="Offset">Its first offset.</param>
/// <param name="Values">Its records' values; one that nobody reads for a marker.</param>
/// <param name="Producer">Whose it is, if it is part of a transaction.</param>
/// <param name="Marker">True for a commit, false for an abort, null for records.</param>
internal sealed record ModelBatch(long Offset, IReadOnlyList<string> Values, long? Producer = null, short Epoch = 0, bool? Marker = null)
{
    public long Next => Offset + Values.Count;
}

/// <summary>What readers must see of a list of batches, worked out naively from the whole list.</summary>
internal sealed record TransactionModel(IReadOnlyList<ModelBatch> Batches)
{
    public long End => Batches.Count == 0 ? 0 : Batches[^1].Next;

    /// <summary>The producers with an open transaction that has records at <paramref name="start"/> or later, by first offset.</summary>
    public List<(long Producer, short Epoch, long FirstOffset)> OpenFrom(long start) =>
        [.. Batches.Where(batch => batch.Next > start && IsOpen(batch))
            .GroupBy(batch => batch.Producer!.Value)
            .Select(group => (Producer: group.Key, group.First().Epoch, FirstOffset: group.First().Offset))
            .OrderBy(open => open.FirstOffset)];

    /// <summary>The last stable offset where only records from <paramref name="from"/> on count.</summary>
    public long StableFrom(long from) => OpenFrom(from).Select(open => open.FirstOffset).Append(End).Min();

    public List<(long Offset, string Value)> Committed(long from, long stable) =>
        [.. Batches.Where(batch => batch.Marker is null && (batch.Producer is null || MarkerOf(batch)?.Marker == true))
            .SelectMany(batch => batch.Values.Select((value, i) => (Offset: batch.Offset + i, value)))
            .Where(record => record.Offset >= from && record.Offset < stable)];

    /// <summary>The batches before an offset, as after a torn tail.</summary>
    public TransactionModel Until(long end) => new([.. Batches.Where(batch => batch.Next <= end)]);

    private bool IsOpen(ModelBatch batch) => batch is { Producer: not null, Marker: null } && MarkerOf(batch) is null;

    private ModelBatch? MarkerOf(ModelBatch data) =>
        Batches.FirstOrDefault(batch => batch.Marker is not null && batch.Producer == data.Producer && batch.Offset > data.Offset);
}

using Npgsql;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>Reads rows that are not final.</summary>
internal static class OpenRowSql
{
    /// <summary>The columns of the table <c>r</c> that <see cref="ReadAsync"/> reads, in its order.</summary>
    public const string Columns =
        "r.window_start, r.window_end, r.group_key, r.count, r.sum, r.min, r.max, r.window_name, r.is_pane, r.state";

    /// <exception cref="MeasureStateException">A stored state is none of these measures.</exception>
    public static async Task ReadAsync(
        NpgsqlCommand command, WindowPlan windows, MeasurePlan measures, List<WindowRow> rows, CancellationToken cancellationToken)
    {
        var byName = windows.Windows.ToDictionary(w => w.Name);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var window = Window.Between(new DateTimeOffset(reader.GetDateTime(0)), new DateTimeOffset(reader.GetDateTime(1)));
            var basic = new BasicMeasures(reader.GetInt64(3), (Int128)reader.GetDecimal(4), reader.GetInt64(5), reader.GetInt64(6));
            rows.Add(new WindowRow(byName[reader.GetString(7)], window, new GroupKey(reader.GetString(2)), basic, IsFinal: false)
            {
                IsPane = reader.GetBoolean(8),
                State = measures.NeedsState ? MeasureState.Decode(measures, reader.GetFieldValue<byte[]>(9)) : null,
            });
        }
    }
}

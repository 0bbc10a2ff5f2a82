using System.Text;
using System.Text.Unicode;
using Streaming.Contracts.Avro;

namespace Streaming.Contracts;

/// <summary>
/// Reads sales that were written with one schema, as far as a sale has them: by Avro's rules, so a schema may have more fields, in another order, under aliases'
/// names. Made once for each schema; reading allocates nothing where the three fields are written as they are read. May be shared by threads.
/// </summary>
public sealed class SaleProjection
{
    private readonly Step[]? _steps;
    private readonly AvroDecoder? _decoder;
    private readonly AvroRecord? _written;

    /// <summary>Prepares reading.</summary>
    /// <param name="writer">What the sales were written with.</param>
    public SaleProjection(AvroSchema writer)
    {
        Problem = AvroCompatibility.Check(StoreSaleAvro.First, writer) is [var first, ..] ? first.ToString() : null;
        if (Problem is null)
        {
            _written = writer as AvroRecord;
            _steps = _written is null ? null : Steps(_written);
            _decoder = _steps is null ? new AvroDecoder(writer, StoreSaleAvro.First) : null;
        }
    }

    private enum Step
    {
        StoreId,
        Amount,
        Timestamp,
        Skip,
    }

    /// <summary>Why no sale can be read; null when they can.</summary>
    public string? Problem { get; }

    /// <summary>
    /// Reads a sale and checks it against its record's key, with the verdicts of <see cref="StoreSaleJson.Decode"/>. <paramref name="amount"/> and
    /// <paramref name="timestamp"/> count only when the answer is <see cref="SaleRejection.None"/>; the store id is then equal to <paramref name="key"/>.
    /// </summary>
    /// <param name="key">The record's key.</param>
    /// <param name="data">The record's value after the wire format's head.</param>
    /// <param name="amount">In whole currency units.</param>
    /// <param name="timestamp">The event time, milliseconds since the epoch.</param>
    public SaleRejection Decode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, out int amount, out long timestamp)
    {
        (amount, timestamp) = (0, 0);
        if (Problem is not null)
        {
            return SaleRejection.UnfitSchema;
        }

        try
        {
            return _steps is not null ? DecodeSteps(key, data, out amount, out timestamp) : DecodeAny(key, data, out amount, out timestamp);
        }
        catch (AvroDataException)
        {
            return SaleRejection.Malformed;
        }
    }

    private SaleRejection DecodeSteps(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, out int amount, out long timestamp)
    {
        (amount, timestamp) = (0, 0);
        ReadOnlySpan<byte> storeId = default;
        var reader = new AvroReader(data);
        for (var i = 0; i < _steps!.Length; i++)
        {
            switch (_steps[i])
            {
                case Step.StoreId:
                    storeId = reader.Bytes();
                    break;
                case Step.Amount:
                    amount = reader.Int();
                    break;
                case Step.Timestamp:
                    timestamp = reader.Long();
                    break;
                default:
                    AvroSkip.Skip(ref reader, _written!.Fields[i].Schema, 1);
                    break;
            }
        }

        reader.End();
        return Judge(key, storeId, amount, timestamp);
    }

    private SaleRejection DecodeAny(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, out int amount, out long timestamp)
    {
        var sale = (AvroRecordValue)_decoder!.Decode(data)!;
        (amount, timestamp) = ((int)sale["sale_amount"]!, (long)sale["sale_ts"]!);
        return Judge(key, Encoding.UTF8.GetBytes((string)sale["store_id"]!), amount, timestamp);
    }

    private static SaleRejection Judge(ReadOnlySpan<byte> key, ReadOnlySpan<byte> storeId, int amount, long timestamp) => 0 switch
    {
        _ when storeId.Length is 0 or > StoreSale.MaxStoreIdBytes || !Utf8.IsValid(storeId) || storeId.Contains((byte)0) => SaleRejection.BadStoreId,
        _ when amount < 0 => SaleRejection.NegativeAmount,
        _ when amount > StoreSale.MaxAmount => SaleRejection.AbsurdAmount,
        _ when timestamp is < 0 or > StoreSale.MaxTimestamp => SaleRejection.BadTimestamp,
        _ when key.IsEmpty => SaleRejection.NoKey,
        _ when !key.SequenceEqual(storeId) => SaleRejection.KeyMismatch,
        _ => SaleRejection.None,
    };

    /// <summary>What to do with each field that was written; null where that takes more than reading the three as they are.</summary>
    private static Step[]? Steps(AvroRecord record)
    {
        var steps = new Step[record.Fields.Count];
        Array.Fill(steps, Step.Skip);
        return TrySet(steps, record.Field("store_id"), Step.StoreId, AvroType.String, AvroType.Bytes)
            && TrySet(steps, record.Field("sale_amount"), Step.Amount, AvroType.Int, AvroType.Int)
            && TrySet(steps, record.Field("sale_ts"), Step.Timestamp, AvroType.Long, AvroType.Int) ? steps : null;
    }

    private static bool TrySet(Step[] steps, AvroField? field, Step step, AvroType type, AvroType other)
    {
        if (field is null || (field.Schema.Type != type && field.Schema.Type != other))
        {
            return false;
        }

        steps[field.Position] = step;
        return true;
    }
}

namespace Streaming.Contracts.Measures;

/// <summary>
/// How many different identities there are. Up to <see cref="MostExact"/> of them are kept as they are and the count is exact; with one more they go into
/// the registers of a <see cref="HyperLogLog"/>. Whether that has happened depends only on the set of identities, not on the order they came in: a set
/// never shrinks.
/// </summary>
internal sealed class DistinctIdentities : StatePart
{
    /// <summary>2 KiB of identities, against 3 KiB of registers.</summary>
    public const int MostExact = 256;

    private const byte ExactForm = 0;
    private const byte RegisterForm = 1;

    // Ascending while exact.
    private ulong[] _exact = [];
    private int _count;
    private HyperLogLog? _registers;

    public override int ApproximateBytes => 48 + (8 * _exact.Length) + (_registers is null ? 0 : HyperLogLog.ApproximateBytes);

    /// <summary>Whether <see cref="Estimate"/> is the exact number.</summary>
    public bool IsExact => _registers is null;

    /// <summary>The number of different identities.</summary>
    public double Estimate => _registers?.Estimate() ?? _count;

    public override void Add(long value, in EventValues e) => Add((ulong)value);

    public override void Merge(StatePart other)
    {
        var distinct = (DistinctIdentities)other;
        if (distinct._registers is { } registers)
        {
            Registers().Merge(registers);
            return;
        }

        foreach (ulong identity in distinct._exact.AsSpan(0, distinct._count))
        {
            Add(identity);
        }
    }

    public override StatePart Clone() =>
        new DistinctIdentities { _exact = [.. _exact], _count = _count, _registers = _registers?.Clone() };

    /// <summary>Form (1 byte), then either the number of identities and their ascending differences, or the registers.</summary>
    public override void Write(StateWriter writer)
    {
        if (_registers is not null)
        {
            writer.Byte(RegisterForm);
            _registers.Write(writer);
            return;
        }

        writer.Byte(ExactForm);
        writer.Unsigned((ulong)_count);
        ulong previous = 0;
        foreach (ulong identity in _exact.AsSpan(0, _count))
        {
            writer.Unsigned(identity - previous);
            previous = identity;
        }
    }

    public override void Read(ref StateReader reader)
    {
        byte form = reader.Byte();
        StateReader.Demand(form is ExactForm or RegisterForm, "its distinct count has no known form");
        if (form == RegisterForm)
        {
            _registers = HyperLogLog.Read(ref reader);
            return;
        }

        _count = reader.Length(MostExact, bytesEach: 1);
        _exact = new ulong[_count];
        for (int i = 0; i < _count; i++)
        {
            ulong difference = reader.Unsigned();
            ulong previous = i == 0 ? 0 : _exact[i - 1];
            StateReader.Demand((i == 0 || difference > 0) && difference <= ulong.MaxValue - previous, "its identities do not ascend");
            _exact[i] = previous + difference;
        }
    }

    private void Add(ulong identity)
    {
        if (_registers is not null)
        {
            _registers.Add(identity);
            return;
        }

        int at = _exact.AsSpan(0, _count).BinarySearch(identity);
        if (at >= 0)
        {
            return;
        }

        if (_count == MostExact)
        {
            Registers().Add(identity);
            return;
        }

        Insert(~at, identity);
    }

    private void Insert(int at, ulong identity)
    {
        if (_count == _exact.Length)
        {
            Array.Resize(ref _exact, Math.Clamp(2 * _count, 4, MostExact));
        }

        _exact.AsSpan(at, _count - at).CopyTo(_exact.AsSpan(at + 1));
        _exact[at] = identity;
        _count++;
    }

    private HyperLogLog Registers()
    {
        if (_registers is null)
        {
            _registers = new HyperLogLog();
            foreach (ulong identity in _exact.AsSpan(0, _count))
            {
                _registers.Add(identity);
            }

            (_exact, _count) = ([], 0);
        }

        return _registers;
    }
}

namespace Streaming.Producer.Import.Sending;

/// <summary>
/// Which lines are under way, in the order of the input: up to where everything has been acknowledged is where a later import may begin. Safe for several threads.
/// </summary>
public sealed class LineLedger
{
    private readonly Lock _gate = new();
    private readonly Queue<Slot> _slots = [];
    private long _delivered;

    /// <summary>Records acknowledged so far.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Records without an answer yet, and failed ones.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
            {
                return _slots.Count(slot => !slot.IsDone);
            }
        }
    }

    /// <summary>The line of the first record that is not acknowledged; null when there is none.</summary>
    public long? FirstOpenLine
    {
        get
        {
            lock (_gate)
            {
                return _slots.TryPeek(out var first) ? first.Line : null;
            }
        }
    }

    /// <summary>A record sets out.</summary>
    public Slot Begin(long line)
    {
        var slot = new Slot(line);
        lock (_gate)
        {
            _slots.Enqueue(slot);
        }

        return slot;
    }

    /// <summary>A record was acknowledged.</summary>
    public void Done(Slot slot)
    {
        Interlocked.Increment(ref _delivered);
        Close(slot);
    }

    /// <summary>A record does not set out after all.</summary>
    public void Withdraw(Slot slot) => Close(slot);

    private void Close(Slot slot)
    {
        lock (_gate)
        {
            slot.IsDone = true;
            while (_slots.TryPeek(out var first) && first.IsDone)
            {
                _slots.Dequeue();
            }
        }
    }

    /// <summary>A record under way.</summary>
    public sealed class Slot(long line)
    {
        /// <summary>The line that it begins in.</summary>
        public long Line => line;

        internal bool IsDone { get; set; }
    }
}

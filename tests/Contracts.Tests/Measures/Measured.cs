using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Tests.Measures;

/// <summary>The columns and the state of some events, as a window has them.</summary>
public sealed class Measured(MeasurePlan plan)
{
    public BasicMeasures Basic { get; private set; }

    public MeasureState State { get; private set; } = new(plan);

    public static Measured Of(MeasurePlan plan, params IEnumerable<Event> events)
    {
        var measured = new Measured(plan);
        foreach (Event e in events)
        {
            measured.Add(e);
        }

        return measured;
    }

    public void Add(Event e)
    {
        Basic = Basic.With(plan.ColumnValueOf(e.Borrowed));
        State.Add(e.Borrowed);
    }

    /// <summary>Both together; neither is changed.</summary>
    public Measured With(Measured other)
    {
        MeasureState state = State.Clone();
        state.Merge(other.State);
        return new Measured(plan) { Basic = Basic.Merge(other.Basic), State = state };
    }

    /// <summary>As it comes back from the database.</summary>
    public Measured Stored() => new(plan) { Basic = Basic, State = MeasureState.Decode(plan, State.Encode()) };

    public MeasureValue Read(string measure) => MeasureReader.Read(plan, plan.Find(measure)!, Basic, State);

    public string Bytes => $"{Basic} {Convert.ToHexString(State.Encode())}";
}

namespace Streaming.Data;

/// <summary>The identity of this database, one row, made with it: names what it wrote to Kafka.</summary>
public sealed class Installation
{
    public Guid Id { get; set; }
}

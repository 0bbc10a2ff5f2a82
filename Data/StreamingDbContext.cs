using Microsoft.EntityFrameworkCore;

namespace Streaming.Data;

/// <summary>
/// The <c>streaming</c> database: progress, results and what still has to leave for Kafka. The Aggregator migrates it and writes it; readers
/// query it. Instants are UTC (<c>timestamptz</c>). The checkpoint itself is written with plain SQL, not through this context.
/// </summary>
public sealed class StreamingDbContext(DbContextOptions<StreamingDbContext> options) : DbContext(options)
{
    public DbSet<Pipeline> Pipelines => Set<Pipeline>();

    public DbSet<Checkpoint> Checkpoints => Set<Checkpoint>();

    public DbSet<WindowResult> WindowResults => Set<WindowResult>();

    public DbSet<IdleMark> IdleMarks => Set<IdleMark>();

    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    public DbSet<ParkedOutboxRow> ParkedOutbox => Set<ParkedOutboxRow>();

    public DbSet<RelayLease> RelayLeases => Set<RelayLease>();

    public DbSet<Installation> Installations => Set<Installation>();

    public DbSet<StoreRow> Stores => Set<StoreRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Pipeline>().ToTable("pipelines").HasKey(p => p.Name);
        modelBuilder.Entity<Checkpoint>().ToTable("checkpoints").HasKey(c => new { c.Pipeline, c.Generation, c.TopicId, c.Partition });
        modelBuilder.Entity<WindowResult>(results =>
        {
            results.ToTable("window_results");
            results.HasKey(r => new { r.Pipeline, r.Generation, r.TopicId, r.Partition, r.WindowStart, r.WindowEnd, r.GroupKey });
            // For readers of a past range. The version is not indexed on purpose: an indexed column that changes with each update prevents HOT updates.
            results.HasIndex(r => new { r.Pipeline, r.Generation, r.WindowStart });
            results.Property(r => r.Sum).HasColumnType("numeric");
        });
        modelBuilder.Entity<IdleMark>().ToTable("idle_marks").HasKey(m => new { m.Pipeline, m.Generation, m.TopicId, m.Partition, m.NextOffset, m.Watermark });
        modelBuilder.Entity<OutboxRow>().ToTable("outbox").HasKey(o => new { o.Pipeline, o.Generation, o.TopicId, o.Partition, o.Seq });
        modelBuilder.Entity<ParkedOutboxRow>().ToTable("parked_outbox").HasKey(o => new { o.Pipeline, o.Generation, o.TopicId, o.Partition, o.Seq });
        modelBuilder.Entity<RelayLease>().ToTable("relay_leases").HasKey(l => l.Pipeline);
        modelBuilder.Entity<Installation>().ToTable("installation").HasKey(i => i.Id);
        modelBuilder.Entity<StoreRow>(stores =>
        {
            stores.ToTable("stores").HasKey(s => s.StoreId);
            stores.Property(s => s.Currency).HasColumnType("character(3)");
        });
        SnakeCase.Apply(modelBuilder.Model);
    }
}

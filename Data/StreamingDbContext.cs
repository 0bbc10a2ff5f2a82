using Microsoft.EntityFrameworkCore;

namespace Streaming.Data;

/// <summary>
/// The <c>streaming</c> database: progress, results and what still has to leave for Kafka. The Aggregator migrates it and writes it; readers
/// query it. Instants are UTC (<c>timestamptz</c>). The checkpoint itself is written with plain SQL, not through this context.
/// </summary>
public sealed class StreamingDbContext(DbContextOptions<StreamingDbContext> options) : DbContext(options)
{
    public DbSet<Pipeline> Pipelines => Set<Pipeline>();

    public DbSet<PipelineGeneration> PipelineGenerations => Set<PipelineGeneration>();

    public DbSet<Checkpoint> Checkpoints => Set<Checkpoint>();

    public DbSet<WindowResult> WindowResults => Set<WindowResult>();

    public DbSet<WindowTombstone> WindowTombstones => Set<WindowTombstone>();

    public DbSet<KeptEvent> Events => Set<KeptEvent>();

    public DbSet<SampledEvent> SampledEvents => Set<SampledEvent>();

    public DbSet<StageProgress> StageProgress => Set<StageProgress>();

    public DbSet<InstanceFigures> InstanceFigures => Set<InstanceFigures>();

    public DbSet<IdleMark> IdleMarks => Set<IdleMark>();

    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    public DbSet<ParkedOutboxRow> ParkedOutbox => Set<ParkedOutboxRow>();

    public DbSet<AlertState> AlertStates => Set<AlertState>();

    public DbSet<AlertTransition> Alerts => Set<AlertTransition>();

    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    public DbSet<RelayLease> RelayLeases => Set<RelayLease>();

    public DbSet<Installation> Installations => Set<Installation>();

    public DbSet<StoreRow> Stores => Set<StoreRow>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<DataProtectionKey>().ToTable("data_protection_keys").HasKey(k => k.Name);
        modelBuilder.Entity<Pipeline>().ToTable("pipelines").HasKey(p => p.Name);
        modelBuilder.Entity<Checkpoint>().ToTable("checkpoints").HasKey(c => new { c.Pipeline, c.Generation, c.TopicId, c.Partition });
        modelBuilder.Entity<WindowResult>(results =>
        {
            results.ToTable("window_results");
            results.HasKey(r => new { r.Pipeline, r.Generation, r.TopicId, r.Partition, r.WindowName, r.IsPane, r.WindowStart, r.WindowEnd, r.GroupKey });
            // For readers of a past range. The version is not indexed on purpose: an indexed column that changes with each update prevents HOT updates.
            results.HasIndex(r => new { r.Pipeline, r.Generation, r.WindowName, r.WindowStart });
            results.Property(r => r.Sum).HasColumnType("numeric");
        });
        modelBuilder.Entity<PipelineGeneration>(generations =>
        {
            generations.ToTable("pipeline_generations").HasKey(g => new { g.Pipeline, g.Generation });
            generations.Property(g => g.Definition).HasColumnType("jsonb");
        });
        modelBuilder.Entity<WindowTombstone>(tombstones =>
        {
            tombstones.ToTable("window_tombstones");
            tombstones.HasKey(r => new { r.Pipeline, r.Generation, r.TopicId, r.Partition, r.Version, r.WindowName, r.IsPane, r.WindowStart, r.WindowEnd, r.GroupKey });
            tombstones.HasIndex(r => r.CreatedAt);
        });
        modelBuilder.Entity<AlertState>(states =>
        {
            states.ToTable("alert_states").HasKey(a => new { a.Pipeline, a.Generation, a.TopicId, a.Partition, a.Rule, a.GroupKey });
            states.Property(a => a.State).HasColumnType("jsonb");
        });
        modelBuilder.Entity<AlertTransition>(alerts =>
        {
            alerts.ToTable("alerts").HasKey(a => new { a.Pipeline, a.Generation, a.TopicId, a.Partition, a.Rule, a.GroupKey, a.At, a.Transition });
            alerts.HasIndex(a => new { a.Pipeline, a.Generation, a.At });
        });
        modelBuilder.Entity<WebhookDelivery>(deliveries =>
        {
            deliveries.ToTable("webhook_deliveries").HasKey(d => d.IdempotencyKey);
            deliveries.HasIndex(d => d.NextAttemptAt);
        });
        modelBuilder.Entity<KeptEvent>(events =>
        {
            events.ToTable("events").HasKey(e => new { e.Pipeline, e.Generation, e.TopicId, e.Partition, e.Offset });
            events.HasIndex(e => new { e.Pipeline, e.EventTime });
        });
        modelBuilder.Entity<SampledEvent>(events =>
        {
            events.ToTable("sampled_events").HasKey(e => new { e.Pipeline, e.Generation, e.TopicId, e.Partition, e.Offset });
            events.HasIndex(e => new { e.Pipeline, e.EventTime });
            events.HasIndex(e => e.CreatedAt);
        });
        modelBuilder.Entity<StageProgress>().ToTable("stage_progress").HasKey(s => new { s.Pipeline, s.Instance });
        modelBuilder.Entity<InstanceFigures>().ToTable("instance_figures").HasKey(f => new { f.Pipeline, f.Generation, f.Instance });
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

using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;

namespace Streaming.Aggregator.Telemetry;

/// <summary>The Aggregator's log lines: 2000 start, 2100 partitions, 2200 checkpoints, 2300 outbox, 2400 references and schemas, 2600 alerts.</summary>
internal static partial class AggregatorLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Pipeline {Pipeline}, generation {Generation}, as instance {Owner}: {Fingerprint}")]
    public static partial void Starting(ILogger logger, string pipeline, int generation, string owner, string fingerprint);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "Waiting for PostgreSQL to migrate the database: {Reason} (attempt {Attempt}).")]
    public static partial void WaitingForPostgres(ILogger logger, string reason, int attempt);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Information, Message = "The database is migrated.")]
    public static partial void Migrated(ILogger logger);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Critical, Message = "The Aggregator stops.")]
    public static partial void Stopping(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Warning, Message = "Waiting for Kafka: {Reason} (attempt {Attempt}).")]
    public static partial void WaitingForKafka(ILogger logger, string reason, int attempt);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Warning,
        Message = "Pipeline {Pipeline} waits: there is no topic '{Topic}'. It belongs to somebody else and is not created here.")]
    public static partial void WaitingForTopic(ILogger logger, string pipeline, string topic);

    [LoggerMessage(EventId = 2007, Level = LogLevel.Error, Message = "What the Aggregator runs has not ended after {Seconds} s; the process ends without it.")]
    public static partial void StillRunning(ILogger logger, double seconds);

    [LoggerMessage(EventId = 2008, Level = LogLevel.Information, Message = "The Aggregator has stopped while a server was away: {Reason}")]
    public static partial void StoppedWithoutServer(ILogger logger, string reason);

    [LoggerMessage(EventId = 2010, Level = LogLevel.Error,
        Message = "Pipeline {Pipeline}: {Reason}. Here it is defined as '{Here}'; generation {Generation}, whose results stay, was built as '{There}'.")]
    public static partial void DefinitionChanged(ILogger logger, string pipeline, string reason, string here, int generation, string there);

    [LoggerMessage(EventId = 2011, Level = LogLevel.Warning, Message = "Pipeline {Pipeline} is paused by an administrator; its outbox is still relayed.")]
    public static partial void PipelinePaused(ILogger logger, string pipeline);

    [LoggerMessage(EventId = 2012, Level = LogLevel.Information, Message = "Pipeline {Pipeline} goes on.")]
    public static partial void PipelineResumed(ILogger logger, string pipeline);

    [LoggerMessage(EventId = 2013, Level = LogLevel.Information, Message = "Pipeline {Pipeline}, generation {Generation}: reading has stopped here.")]
    public static partial void GenerationStopped(ILogger logger, string pipeline, int generation);

    [LoggerMessage(EventId = 2014, Level = LogLevel.Information, Message = "Pipeline {Pipeline}: generation {Generation} has caught up and takes over from {Former}.")]
    public static partial void TookOver(ILogger logger, string pipeline, int generation, int former);

    [LoggerMessage(EventId = 2015, Level = LogLevel.Information, Message = "Deleted {Rows} rows of pipeline {Pipeline}, generation {Generation}, which is retired.")]
    public static partial void RetiredDeleted(ILogger logger, long rows, string pipeline, int generation);

    [LoggerMessage(EventId = 2016, Level = LogLevel.Debug, Message = "Pipeline {Pipeline}: whether the replay has caught up cannot be found out now: {Reason}")]
    public static partial void TakeOverFails(ILogger logger, string pipeline, string reason);

    [LoggerMessage(EventId = 2020, Level = LogLevel.Warning, Message = "Control: {Who} asked for {Action} of {Pipeline}: {Outcome}.")]
    public static partial void ControlAction(ILogger logger, string who, string action, string pipeline, string outcome);

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "Assigned: partitions {Partitions}.")]
    public static partial void Assigned(ILogger logger, PartitionNumbers partitions);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Information, Message = "Revoked: partitions {Partitions}.")]
    public static partial void Revoked(ILogger logger, PartitionNumbers partitions);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Warning, Message = "Lost: partitions {Partitions}; what was not committed is dropped.")]
    public static partial void Lost(ILogger logger, PartitionNumbers partitions);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Information,
        Message = "Reading {Partition} from offset {Offset}, version {Version}, with {Rows} rows of open windows.")]
    public static partial void Reading(ILogger logger, InputPartition partition, long offset, long version, int rows);

    [LoggerMessage(EventId = 2105, Level = LogLevel.Warning, Message = "Partition {Partition} cannot be claimed yet: {Reason} (attempt {Attempt}).")]
    public static partial void ClaimFails(ILogger logger, int partition, string reason, int attempt);

    [LoggerMessage(EventId = 2106, Level = LogLevel.Error,
        Message = "{Partition} stops: progress is at offset {NextOffset}, the log holds {LogStart} to {LogEnd}. Events are missing; docs/semantics.md says how to accept the gap.")]
    public static partial void Gap(ILogger logger, InputPartition partition, long nextOffset, long logStart, long logEnd);

    [LoggerMessage(EventId = 2107, Level = LogLevel.Warning, Message = "{Rejected} records of {Partition} rejected, sent to {Topic}; the first at offset {Offset}: {Reason}.")]
    public static partial void Rejected(ILogger logger, long rejected, InputPartition partition, string topic, long offset, string reason);

    [LoggerMessage(EventId = 2108, Level = LogLevel.Warning, Message = "{Events} events of {Partition} name a key that the reference topic does not know, such as '{Key}'; they are counted.")]
    public static partial void UnknownKeys(ILogger logger, long events, InputPartition partition, string key);

    [LoggerMessage(EventId = 2109, Level = LogLevel.Warning, Message = "Reading pauses: {Reason}.")]
    public static partial void Paused(ILogger logger, string reason);

    [LoggerMessage(EventId = 2110, Level = LogLevel.Information, Message = "Reading goes on.")]
    public static partial void Resumed(ILogger logger);

    [LoggerMessage(EventId = 2111, Level = LogLevel.Warning, Message = "Kafka: {Reason} ({Code}).")]
    public static partial void KafkaSays(ILogger logger, string reason, Confluent.Kafka.ErrorCode code);

    [LoggerMessage(EventId = 2114, Level = LogLevel.Debug, Message = "A Kafka client beside the pipeline's says: {Text}")]
    public static partial void ClientSays(ILogger logger, string text);

    [LoggerMessage(EventId = 2112, Level = LogLevel.Information, Message = "{Events} events of {Partition} were late, sent to {Topic}.")]
    public static partial void Late(ILogger logger, long events, InputPartition partition, string topic);

    [LoggerMessage(EventId = 2113, Level = LogLevel.Warning, Message = "{Partition}: offset {Found} came where {Expected} was to be read; the partition is claimed and positioned anew.")]
    public static partial void Jumped(ILogger logger, InputPartition partition, long expected, long found);

    [LoggerMessage(EventId = 2115, Level = LogLevel.Warning,
        Message = "{Partition}: the claim waited {Seconds} s for session {Session} of another instance, which is frozen or far too slow; the session is ended and its transaction undone.")]
    public static partial void BlockerEnded(ILogger logger, InputPartition partition, int session, double seconds);

    [LoggerMessage(EventId = 2116, Level = LogLevel.Warning,
        Message = "{Partition}: the claim has waited {Seconds} s for a lock that session {Session} holds (application '{Application}', role '{Role}'), which is no Aggregator's to end.")]
    public static partial void Blocked(ILogger logger, InputPartition partition, int session, string application, string role, double seconds);

    [LoggerMessage(EventId = 2117, Level = LogLevel.Warning, Message = "{Partition}: the claim waits for a lock, and who holds it cannot be found out: {Reason}")]
    public static partial void BlockersNotFound(ILogger logger, InputPartition partition, string reason);

    [LoggerMessage(EventId = 2118, Level = LogLevel.Warning, Message = "{Rows} rows or windows that were evicted cannot be loaded (attempt {Attempt}): {Reason}")]
    public static partial void RecallFails(ILogger logger, int rows, int attempt, string reason);

    [LoggerMessage(EventId = 2119, Level = LogLevel.Information,
        Message = "Pipeline {Pipeline}: {Topic} is silent, but the stage of {Behind} has not published all of what it is to read: windows wait for it.")]
    public static partial void StageBehind(ILogger logger, string pipeline, string topic, string behind);

    [LoggerMessage(EventId = 2201, Level = LogLevel.Warning, Message = "The checkpoint cannot be written (attempt {Attempt}), memory is kept: {Reason}")]
    public static partial void CheckpointFails(ILogger logger, int attempt, string reason);

    [LoggerMessage(EventId = 2202, Level = LogLevel.Information, Message = "Checkpoints go on after {Attempts} failed attempts.")]
    public static partial void CheckpointsGoOn(ILogger logger, int attempts);

    [LoggerMessage(EventId = 2203, Level = LogLevel.Warning, Message = "Claimed by another instance, memory discarded: {Partitions}.")]
    public static partial void PartitionsClaimed(ILogger logger, IReadOnlyList<InputPartition> partitions);

    [LoggerMessage(EventId = 2204, Level = LogLevel.Warning,
        Message = "Topic {Topic} was deleted (id {Was}, now {Now}); what was read of it and not committed is discarded, a new topic begins at its start.")]
    public static partial void TopicReplaced(ILogger logger, string topic, Guid was, Guid? now);

    [LoggerMessage(EventId = 2205, Level = LogLevel.Warning, Message = "The last checkpoint of the revoked partitions did not fit into {Seconds} s; they are read again by their next owner.")]
    public static partial void LastCheckpointFails(ILogger logger, double seconds);

    [LoggerMessage(EventId = 2206, Level = LogLevel.Debug, Message = "Offsets could not be reported to the group: {Reason}.")]
    public static partial void OffsetsNotReported(ILogger logger, string reason);

    [LoggerMessage(EventId = 2301, Level = LogLevel.Information, Message = "Relaying the outbox of {Pipeline} as {Holder}.")]
    public static partial void RelayTakesOver(ILogger logger, string pipeline, string holder);

    [LoggerMessage(EventId = 2302, Level = LogLevel.Warning, Message = "The outbox cannot be relayed (attempt {Attempt}): {Reason}")]
    public static partial void RelayFails(ILogger logger, int attempt, string reason);

    [LoggerMessage(EventId = 2303, Level = LogLevel.Error, Message = "Outbox row {Partition}/{Seq} for {Topic} is parked: {Reason}")]
    public static partial void Parked(ILogger logger, int partition, long seq, string topic, string reason);

    [LoggerMessage(EventId = 2304, Level = LogLevel.Information, Message = "The lease of {Pipeline} is another's now; relaying stops here.")]
    public static partial void LeaseLost(ILogger logger, string pipeline);

    [LoggerMessage(EventId = 2305, Level = LogLevel.Information, Message = "Relaying goes on after {Attempts} failed attempts.")]
    public static partial void RelayGoesOn(ILogger logger, int attempts);

    [LoggerMessage(EventId = 2306, Level = LogLevel.Error, Message = "The relay of {Pipeline} stops: {Reason}. docs/semantics.md says how to decide.")]
    public static partial void RelayStopped(ILogger logger, string pipeline, string reason);

    [LoggerMessage(EventId = 2307, Level = LogLevel.Warning,
        Message = "The relay of {Pipeline} begins to keep cursors; what has left the outbox before is taken as relayed. {Reason}.")]
    public static partial void CursorsAdopted(ILogger logger, string pipeline, string reason);

    [LoggerMessage(EventId = 2401, Level = LogLevel.Information, Message = "{Stores} stores known.")]
    public static partial void StoresLoaded(ILogger logger, int stores);

    [LoggerMessage(EventId = 2402, Level = LogLevel.Warning, Message = "Record {Offset} of {Topic} is no store and is passed over: {Reason}")]
    public static partial void BadStore(ILogger logger, long offset, string topic, string reason);

    [LoggerMessage(EventId = 2403, Level = LogLevel.Warning, Message = "The stores cannot be read or written (attempt {Attempt}): {Reason}")]
    public static partial void StoresFail(ILogger logger, int attempt, string reason);

    [LoggerMessage(EventId = 2501, Level = LogLevel.Information, Message = "Deleted {Rows} final windows older than {Days} days.")]
    public static partial void WindowsDeleted(ILogger logger, long rows, double days);

    [LoggerMessage(EventId = 2502, Level = LogLevel.Warning, Message = "Old windows could not be deleted: {Reason}")]
    public static partial void DeletionFails(ILogger logger, string reason);

    [LoggerMessage(EventId = 2601, Level = LogLevel.Information, Message = "Transitions of alerts are posted to {Host}.")]
    public static partial void WebhookStarts(ILogger logger, string host);

    [LoggerMessage(EventId = 2602, Level = LogLevel.Warning, Message = "{Host} did not take alert {Id} (attempt {Attempt}): {Reason}")]
    public static partial void WebhookFails(ILogger logger, string id, string host, int attempt, string reason);

    [LoggerMessage(EventId = 2603, Level = LogLevel.Error, Message = "Alert {Id} is given up: {Host} did not take it in {Attempts} attempts, the last: {Reason}")]
    public static partial void WebhookGivenUp(ILogger logger, string id, string host, int attempts, string reason);

    [LoggerMessage(EventId = 2604, Level = LogLevel.Warning, Message = "What is to be posted cannot be read or written (attempt {Attempt}): {Reason}")]
    public static partial void WebhookStoreFails(ILogger logger, int attempt, string reason);

    [LoggerMessage(EventId = 2411, Level = LogLevel.Information, Message = "Pipeline {Pipeline} publishes {Source} as {Through}, joined with {Reference} topic.")]
    public static partial void StageRuns(ILogger logger, string pipeline, string source, string through, string reference);

    [LoggerMessage(EventId = 2412, Level = LogLevel.Warning,
        Message = "The stage of pipeline {Pipeline} fails (attempt {Attempt}): {Reason}. It begins again at its last transaction.")]
    public static partial void EnrichmentFails(ILogger logger, string pipeline, int attempt, string reason);

    [LoggerMessage(EventId = 2413, Level = LogLevel.Warning, Message = "Pipeline {Pipeline}: {Count} events were published as unknown: the topic {Reference} does not describe their keys.")]
    public static partial void UnknownReferences(ILogger logger, string pipeline, long count, string reference);

    [LoggerMessage(EventId = 2404, Level = LogLevel.Information, Message = "The reference topic {Topic} is read: {Count} keys.")]
    public static partial void ReferenceLoaded(ILogger logger, string topic, int count);

    [LoggerMessage(EventId = 2405, Level = LogLevel.Warning, Message = "The reference topic {Topic} cannot be read (attempt {Attempt}): {Reason}")]
    public static partial void ReferenceFails(ILogger logger, string topic, int attempt, string reason);

    [LoggerMessage(EventId = 2406, Level = LogLevel.Warning, Message = "Record {Offset} of the reference topic {Topic} is passed over: {Reason}")]
    public static partial void BadReference(ILogger logger, long offset, string topic, string reason);

    [LoggerMessage(EventId = 2407, Level = LogLevel.Error,
        Message = "The stage of {Pipeline} stops in {Topic} [{Partition}]: its progress is at offset {NextOffset}, the log begins at {LogStart}. Events are missing; docs/semantics.md says how to accept the gap.")]
    public static partial void SourceGap(ILogger logger, string pipeline, string topic, int partition, long nextOffset, long logStart);

    [LoggerMessage(EventId = 2414, Level = LogLevel.Warning, Message = "How fast the stage of {Pipeline} is cannot be written (attempt {Attempt}): {Reason}. It goes on; its rates are not known.")]
    public static partial void StageProgressFails(ILogger logger, string pipeline, int attempt, string reason);

    [LoggerMessage(EventId = 2421, Level = LogLevel.Warning, Message = "Waiting for the schema registry to say what schema {Id} is (attempt {Attempt}): {Reason}")]
    public static partial void WaitingForRegistry(ILogger logger, int id, string reason, int attempt);

    [LoggerMessage(EventId = 2605, Level = LogLevel.Warning, Message = "How this instance runs cannot be written (attempt {Attempt}): {Reason}. It goes on; the Dashboard does not know of it.")]
    public static partial void FiguresFail(ILogger logger, int attempt, string reason);
}

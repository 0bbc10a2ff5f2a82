namespace Streaming.Embedded.SchemaRegistry.Store;

/// <summary>The topic cannot be read or written now.</summary>
internal sealed class StoreException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>Another registry has taken over the topic: this one must not answer any more.</summary>
internal sealed class TakenOverException(Exception innerException) : Exception("another registry writes the topic now", innerException);

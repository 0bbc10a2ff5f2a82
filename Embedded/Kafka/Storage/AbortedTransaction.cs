using System.Runtime.InteropServices;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>A transaction whose records in a partition do not count.</summary>
/// <param name="ProducerId">Whose it was.</param>
/// <param name="FirstOffset">Offset of its first record.</param>
/// <param name="LastOffset">Offset of its marker.</param>
/// <param name="LastStableOffset">The last stable offset right after the marker: every transaction that began before it had ended by then.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct AbortedTransaction(long ProducerId, long FirstOffset, long LastOffset, long LastStableOffset);

using System.Runtime.CompilerServices;

namespace Streaming.Aggregator.Tests.Servers;

/// <summary>Tests block in Kafka clients while the broker that they wait for runs on the same thread pool: it must not grow one thread at a time.</summary>
internal static class Threads
{
    private const int Least = 32;

    [ModuleInitializer]
    internal static void Provide() => ThreadPool.SetMinThreads(Least, Least);
}

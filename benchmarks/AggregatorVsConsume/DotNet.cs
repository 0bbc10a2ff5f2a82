namespace Streaming.Benchmarks.AggregatorVsConsume;

/// <summary>What starts a program's .dll.</summary>
internal static class DotNet
{
    /// <summary>The <c>dotnet</c> that runs this, when it says so; else the one on the PATH.</summary>
    public static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}

namespace Streaming.Proof.Tests;

/// <summary>A test that freezes and kills processes by POSIX signals, which Windows does not have.</summary>
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "POSIX signals";
        }
    }
}

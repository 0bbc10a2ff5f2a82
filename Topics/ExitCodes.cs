namespace Streaming.Topics;

/// <summary>What the process tells the shell.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The cluster cannot be reached or refuses, or part of the work failed; standard error says what.</summary>
    public const int Failed = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>The time given with <c>--timeout</c> was over before <c>--max</c> records had come.</summary>
    public const int TimedOut = 3;

    /// <summary>Ctrl+C: 128 and the signal's number.</summary>
    public const int Cancelled = 130;
}

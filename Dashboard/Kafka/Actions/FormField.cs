namespace Streaming.Dashboard.Kafka.Actions;

/// <summary>One field of a form that was sent.</summary>
internal static class FormField
{
    /// <summary>What it holds, without blanks around it; empty when it is not there.</summary>
    public static string Of(IFormCollection form, string name) => form[name].ToString().Trim();
}

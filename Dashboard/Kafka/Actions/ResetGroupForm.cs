using Streaming.Cluster;
using Streaming.Cluster.Groups;

namespace Streaming.Dashboard.Kafka.Actions;

/// <summary>The form that moves a group's offsets: shows first what would change, or does it.</summary>
/// <param name="Topic">One of its topics; empty for all in which it has committed.</param>
/// <param name="To">One of <see cref="Earliest"/>, <see cref="Latest"/>, <see cref="Since"/>.</param>
/// <param name="Time">For <see cref="Since"/>, in one of <see cref="InstantText.Forms"/>.</param>
public sealed record ResetGroupForm(string Group, string Topic, string To, string Time, bool IsToBeDone)
{
    public const string Earliest = "earliest";
    public const string Latest = "latest";
    public const string Since = "time";

    /// <summary>The field that says which button was pressed.</summary>
    public const string Do = "Do";

    /// <summary>Its value when the offsets are to be moved.</summary>
    public const string Move = "reset";

    // Kafka's own bound is that of a string on the wire.
    private const int LongestGroup = 32_767;

    /// <summary>Reads what was sent. A group's name is taken as it is: blanks around it are part of it.</summary>
    public static ResetGroupForm From(IFormCollection form)
    {
        ArgumentNullException.ThrowIfNull(form);
        return new ResetGroupForm(
            form[nameof(Group)].ToString(), FormField.Of(form, nameof(Topic)), FormField.Of(form, nameof(To)), FormField.Of(form, nameof(Time)), FormField.Of(form, Do) == Move);
    }

    /// <summary>What was filled in.</summary>
    public Dictionary<string, string> Fields() => new() { [nameof(Topic)] = Topic, [nameof(To)] = To, [nameof(Time)] = Time };

    /// <param name="now">What ages are counted from.</param>
    /// <param name="target">Where the group is to go on.</param>
    /// <param name="problem">Otherwise, which field cannot be used and why.</param>
    public bool TryRead(DateTimeOffset now, out ResetTarget target, out string problem)
    {
        (target, problem) = (new ResetTarget.Latest(), "");
        if (Group.Length is 0 or > LongestGroup)
        {
            problem = "No group was named.";
        }
        else if (Topic.Length > 0 && !TopicName.IsPossible(Topic))
        {
            problem = $"Reset group '{Group}': '{Topic}' can be no topic's name.";
        }
        else if (To == Since)
        {
            problem = InstantText.TryParse(Time, now, out var instant, out var wrong) ? "" : $"Reset group '{Group}': {wrong}";
            target = new ResetTarget.Since(instant);
        }
        else if (To is Earliest or Latest)
        {
            target = To == Earliest ? new ResetTarget.Earliest() : target;
        }
        else
        {
            problem = $"Reset group '{Group}': say where to, {Earliest}, {Latest} or {Since}.";
        }

        return problem.Length == 0;
    }
}

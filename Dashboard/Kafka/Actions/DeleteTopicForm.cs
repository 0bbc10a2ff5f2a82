namespace Streaming.Dashboard.Kafka.Actions;

/// <summary>The form that deletes a topic: its name is typed once more, and what is lost with one of our own is confirmed.</summary>
public sealed record DeleteTopicForm(string Name, string Confirmation, bool IsUnderstood)
{
    /// <summary>The field that confirms that the warning was read.</summary>
    public const string Understood = "Understood";

    /// <summary>Reads what was sent.</summary>
    public static DeleteTopicForm From(IFormCollection form) =>
        new(FormField.Of(form, nameof(Name)), FormField.Of(form, nameof(Confirmation)), FormField.Of(form, Understood).Length > 0);

    /// <summary>Why nothing may be deleted; null when it may.</summary>
    public string? Problem() => this switch
    {
        _ when !TopicName.IsPossible(Name) => $"'{Name}' can be no topic's name.",
        _ when Confirmation != Name => $"Topic '{Name}' was not deleted: what you typed ('{Confirmation}') is not its name.",
        { IsUnderstood: false } when OwnTopics.Warning(Name) is { } warning => $"Topic '{Name}' was not deleted: confirm that you know what is lost. {warning}",
        _ => null,
    };
}

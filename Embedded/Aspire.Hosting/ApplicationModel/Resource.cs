using System.Collections.ObjectModel;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the application: a server, a project, a database, a value.</summary>
public interface IResource
{
    /// <summary>Its name in the model, unique regardless of case.</summary>
    string Name { get; }

    /// <summary>What has been said about it, in the order in which it was said.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>Something said about a resource.</summary>
public interface IResourceAnnotation;

/// <summary>The annotations of one resource.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>Whether an annotation joins those of its type or takes their place.</summary>
public enum ResourceAnnotationMutationBehavior
{
    /// <summary>Add to those of the same type.</summary>
    Append,

    /// <summary>Remove those of the same type first.</summary>
    Replace,
}

/// <summary>Base of the resources.</summary>
public abstract partial class Resource : IResource
{
    /// <summary>Takes the name: letters, digits and single hyphens, a letter first, at most 64 characters.</summary>
    /// <exception cref="ArgumentException">The name has another form.</exception>
    protected Resource(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Length > 64 || !NameForm().IsMatch(name))
        {
            throw new ArgumentException(
                $"Resource name '{name}' is invalid: it starts with an ASCII letter and holds letters, digits and single hyphens, at most 64.", nameof(name));
        }

        Name = name;
    }

    /// <inheritdoc/>
    public virtual string Name { get; }

    /// <inheritdoc/>
    public virtual ResourceAnnotationCollection Annotations { get; } = [];

    [GeneratedRegex("^[A-Za-z](-?[A-Za-z0-9])*$")]
    private static partial Regex NameForm();
}

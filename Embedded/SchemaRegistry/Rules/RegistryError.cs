namespace Streaming.Embedded.SchemaRegistry.Rules;

/// <summary>An answer that is an error: the registry's own code, whose first three digits are the HTTP status, and a sentence.</summary>
internal sealed class RegistryException(int code, string message) : Exception(message)
{
    /// <summary>The code in the answer's body.</summary>
    public int Code { get; } = code;

    /// <summary>The HTTP status.</summary>
    public int Status => Code < 1000 ? Code : Code / 100;
}

/// <summary>The errors that there are, with the codes of Confluent's registry (https://docs.confluent.io/platform/current/schema-registry/develop/api.html).</summary>
internal static class RegistryErrors
{
    public static RegistryException NoSubject(string subject) => new(40401, $"Subject '{subject}' not found.");

    public static RegistryException NoVersion(string version) => new(40402, $"Version {version} not found.");

    public static RegistryException NoSchema() => new(40403, "Schema not found");

    public static RegistryException NoSchema(int id) => new(40403, $"Schema {id} not found");

    public static RegistryException SubjectDeleted(string subject) =>
        new(40404, $"Subject '{subject}' was soft deleted. Set permanent=true to delete permanently");

    public static RegistryException SubjectNotDeleted(string subject) =>
        new(40405, $"Subject '{subject}' was not deleted first before being permanently deleted");

    public static RegistryException VersionDeleted(string subject, int version) =>
        new(40406, $"Subject '{subject}' Version {version} was soft deleted. Set permanent=true to delete permanently");

    public static RegistryException VersionNotDeleted(string subject, int version) =>
        new(40407, $"Subject '{subject}' Version {version} was not deleted first before being permanently deleted");

    public static RegistryException NoOwnLevel(string subject) => new(40408, $"Subject '{subject}' does not have subject-level compatibility configured");

    public static RegistryException Incompatible(string subject, IEnumerable<string> problems) =>
        new(409, $"Schema being registered is incompatible with an earlier schema for subject \"{subject}\": {string.Join("; ", problems)}");

    public static RegistryException BadSchema(string problem) => new(42201, $"Invalid schema: {problem}");

    public static RegistryException BadVersion(string version) =>
        new(42202, $"The specified version '{version}' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\"");

    public static RegistryException BadLevel(string? level) =>
        new(42203, $"Invalid compatibility level '{level}'. This registry supports {string.Join(", ", Records.Levels.Words)}");

    public static RegistryException NotPermitted(string problem) => new(42205, problem);

    public static RegistryException BadSubject(string problem) => new(42208, $"The specified subject is not a valid subject: {problem}");

    public static RegistryException StoreFailed(string problem) => new(50001, $"Error in the backend data store: {problem}");
}

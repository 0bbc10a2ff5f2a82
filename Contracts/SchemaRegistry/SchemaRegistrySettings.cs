namespace Streaming.Contracts.SchemaRegistry;

/// <summary>Where the schema registry is, and who asks.</summary>
/// <param name="Address">Its address, http or https, without credentials in it.</param>
/// <param name="UserName">For basic authentication (Confluent Cloud: the API key); null for none.</param>
/// <param name="Password">Its secret.</param>
public sealed record SchemaRegistrySettings(Uri Address, string? UserName = null, string? Password = null)
{
    /// <summary>The name of the resource and of the connection string.</summary>
    public const string Name = "schema-registry";

    private const string UserNameKey = "SchemaRegistry:UserName";
    private const string PasswordKey = "SchemaRegistry:Password";

    private static readonly string[] AddressKeys = [$"ConnectionStrings:{Name}", $"services:{Name}:https:0", $"services:{Name}:http:0"];

    /// <summary>
    /// Reads them: the address from <c>ConnectionStrings:schema-registry</c> or, as Aspire passes endpoints on, <c>services:schema-registry:http:0</c>;
    /// credentials from <c>SchemaRegistry:UserName</c> and <c>SchemaRegistry:Password</c>.
    /// </summary>
    /// <param name="configuration">The value of a key; null when it is not set.</param>
    /// <returns>Null when no registry is configured.</returns>
    /// <exception cref="ArgumentException">A value makes no sense. The message names the key.</exception>
    public static SchemaRegistrySettings? From(Func<string, string?> configuration)
    {
        if (AddressKeys.FirstOrDefault(key => !string.IsNullOrWhiteSpace(configuration(key))) is not { } key)
        {
            return null;
        }

        var (user, password) = (Text(configuration(UserNameKey)), Text(configuration(PasswordKey)));
        if ((user is null) != (password is null))
        {
            throw new ArgumentException($"{UserNameKey} and {PasswordKey} belong together; only {(user is null ? PasswordKey : UserNameKey)} is set.");
        }

        return user?.Contains(':') == true
            ? throw new ArgumentException($"{UserNameKey} has a colon in it, which basic authentication cannot carry.")
            : new SchemaRegistrySettings(AddressOf(key, configuration(key)!.Trim()), user, password);
    }

    /// <summary>The address only: nothing secret is in a log that shows these settings.</summary>
    public override string ToString() => Address.ToString();

    // The value is not repeated in messages: it may hold a password.
    private static Uri AddressOf(string key, string value) =>
        !Uri.TryCreate(value, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            ? throw new ArgumentException($"{key} is no http or https address.")
            : address.UserInfo.Length > 0 ? throw new ArgumentException($"{key} has credentials in it; set {UserNameKey} and {PasswordKey} instead.")
            : address.AbsolutePath.EndsWith('/') ? address
            : new Uri($"{address.GetLeftPart(UriPartial.Path)}/");

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;
}

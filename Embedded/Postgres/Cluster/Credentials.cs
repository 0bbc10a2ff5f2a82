using System.Security.Cryptography;

namespace Streaming.Embedded.Postgres.Cluster;

/// <summary>
/// The superuser's name and password, kept in a file beside the cluster that only this user can read (as the data itself): a folder that is opened
/// again without a password has the one it was made with.
/// </summary>
internal sealed record Credentials(string UserName, string Password)
{
    public static string RandomPassword() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 32);

    /// <returns>Null where there are none, or their file is damaged.</returns>
    public static Credentials? Read(string dataDirectory)
    {
        var path = PathIn(dataDirectory);
        return File.Exists(path) && File.ReadAllLines(path) is [{ Length: > 0 } user, { Length: > 0 } password] ? new Credentials(user, password) : null;
    }

    public void Write(string dataDirectory) => WriteSecret(PathIn(dataDirectory), UserName + "\n" + Password + "\n");

    public static void Delete(string dataDirectory) => File.Delete(PathIn(dataDirectory));

    /// <summary>Replaces a file whole or not at all; readable by its owner only from its first byte on.</summary>
    internal static void WriteSecret(string path, string text)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(temporary, options))
        {
            writer.Write(text);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "credentials");
}

using System.Security.Cryptography;
using System.Text;

namespace Streaming.Embedded.Kafka.Security;

/// <summary>Who may connect with SASL/PLAIN. Passwords are held as salted hashes and compared in constant time; nothing of them is logged.</summary>
public sealed class SaslUsers
{
    /// <summary>Longest name or password, in bytes.</summary>
    private const int Longest = 1024;

    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(16);
    private readonly Dictionary<string, byte[]> _hashes;
    private readonly byte[] _nobody;

    /// <param name="passwords">Passwords by user name.</param>
    /// <exception cref="ArgumentException">There is none, or a name or password is empty or too long; no password is in the message.</exception>
    public SaslUsers(IReadOnlyDictionary<string, string> passwords)
    {
        ArgumentNullException.ThrowIfNull(passwords);
        if (passwords.Count == 0)
        {
            throw new ArgumentException("There is no SASL user.", nameof(passwords));
        }

        if (passwords.FirstOrDefault(user => !IsAcceptable(user.Key) || !IsAcceptable(user.Value)) is { Key: not null } bad)
        {
            throw new ArgumentException($"The name or the password of the SASL user '{bad.Key}' is empty, longer than {Longest} bytes, or holds a zero character.", nameof(passwords));
        }

        _hashes = passwords.ToDictionary(user => user.Key, user => Hash(Encoding.UTF8.GetBytes(user.Value)), StringComparer.Ordinal);
        _nobody = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
    }

    /// <summary>Reads a file of lines <c>name:password</c>; empty lines and those that begin with <c>#</c> are passed over.</summary>
    /// <exception cref="ArgumentException">A line is none of these; the message names its number and nothing that it holds.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SaslUsers Load(string path)
    {
        var users = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !users.TryAdd(line[..colon], line[(colon + 1)..]))
            {
                throw new ArgumentException($"{path}, line {number}: a line is 'name:password', each name once.");
            }
        }

        return new SaslUsers(users);
    }

    /// <summary>Whose proof it is: <c>[authorization id] NUL name NUL password</c>, UTF-8 (RFC 4616); null for nobody's.</summary>
    internal string? Recognise(ReadOnlySpan<byte> token)
    {
        var first = token.IndexOf((byte)0);
        var second = first < 0 ? -1 : token[(first + 1)..].IndexOf((byte)0);
        if (second < 0 || token.Length > 3 * Longest)
        {
            return null;
        }

        var name = Encoding.UTF8.GetString(token.Slice(first + 1, second));
        var actsAs = Encoding.UTF8.GetString(token[..first]);
        // A name that is not there takes as long as a wrong password.
        var isRight = CryptographicOperations.FixedTimeEquals(Hash(token[(first + second + 2)..]), _hashes.GetValueOrDefault(name, _nobody));
        return isRight && (actsAs.Length == 0 || actsAs == name) ? name : null;
    }

    private static bool IsAcceptable(string text) => text.Length > 0 && Encoding.UTF8.GetByteCount(text) <= Longest && !text.Contains('\0', StringComparison.Ordinal);

    private byte[] Hash(ReadOnlySpan<byte> password) => HMACSHA256.HashData(_salt, password);
}

using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Postgres;

/// <summary>
/// A random password. It must stay the same as long as the data does, which knows it: the official package keeps it in the
/// user secrets, this one in a file beside the data that only the user can read.
/// </summary>
internal sealed class KeptPassword
{
    private readonly IDistributedApplicationBuilder _application;
    private readonly string _name;

    public KeptPassword(IDistributedApplicationBuilder application, string name)
    {
        _application = application;
        _name = name;
        Parameter = new ParameterResource(name, generated => application.Configuration[$"Parameters:{name}"] ?? (IsKept() ? Keep(generated!) : generated!.GetDefaultValue()), secret: true)
        {
            Default = new GenerateParameterDefault(),
        };
    }

    public ParameterResource Parameter { get; }

    public Func<bool> IsKept { get; set; } = () => false;

    private string Keep(ParameterDefault generated)
    {
        var root = Directory.CreateDirectory(DataFolders.Root(_application.AppHostDirectory));
        var path = Path.Combine(root.FullName, _name);
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            // Under another name first: a start that is killed, or finds the disk full, leaves no empty password behind.
            var whole = $"{path}.new";
            Write(whole, generated.GetDefaultValue());
            File.Move(whole, path, overwrite: true);
        }

        return File.ReadAllText(path);
    }

    private static void Write(string path, string password)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(password));
        file.Flush(flushToDisk: true);
    }
}

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// The fixed ports of this application, made known to others like it by a locked file each: an application that finds a port claimed knows that another AppHost uses it,
/// and takes a free one instead. The locks go with the process, however it ends.
/// </summary>
internal sealed class PortClaims : IDisposable
{
    private readonly List<FileStream> _held = [];

    /// <summary>Claims a port; false when another AppHost of this machine has.</summary>
    public bool TryClaim(int port)
    {
        try
        {
            _held.Add(new FileStream(
                Path.Combine(Path.GetTempPath(), $"aspire-port-{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose));
            return true;
        }
        catch (IOException exception) when (DataFolders.IsHeld(exception))
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true; // Another user's, left behind or held, or a full disk: whether the port is free shows when it is listened on.
        }
    }

    /// <summary>
    /// The address with its port, or with a free one where that is 0 or another AppHost has claimed it: two may run with the same launch profile. What is no address is told of
    /// when it is listened on.
    /// </summary>
    public string Unclaimed(string url) =>
        !Uri.TryCreate(url, UriKind.Absolute, out var address) || (address.Port != 0 && TryClaim(address.Port)) ? url : $"{address.Scheme}://{address.Host}:{FreePorts.Take()}";

    public void Dispose() => _held.ForEach(file => file.Dispose());
}

using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Free ports below the range from which systems take ports for outgoing connections (Linux from 32768, others from 49152):
/// a server that is stopped for a while finds its port free again, and a client that keeps trying cannot connect to itself.
/// </summary>
internal static class FreePorts
{
    private const int First = 18_000;
    private const int Beyond = 32_000;
    private static readonly HashSet<int> s_given = [];
    private static readonly Lock s_lock = new();

    public static int Take()
    {
        lock (s_lock)
        {
            var listened = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port).ToHashSet();
            for (var attempt = 0; attempt < Beyond - First; attempt++)
            {
                var port = Random.Shared.Next(First, Beyond);
                if (!listened.Contains(port) && IsFree(port) && s_given.Add(port))
                {
                    return port;
                }
            }
        }

        throw new DistributedApplicationException($"No TCP port between {First} and {Beyond} is free.");
    }

    /// <summary>Whether something could listen on the port on IPv4 loopback, where everything here listens.</summary>
    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}

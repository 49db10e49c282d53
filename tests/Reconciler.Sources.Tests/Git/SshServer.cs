using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Reconciler.Testing;
using Reconciler.Testing.Sources;

namespace Reconciler.Sources.Tests.Git;

/// <summary>OpenSSH's own server on loopback, with a host key and one user's key of the test's own.</summary>
internal sealed class SshServer : IDisposable
{
    private const string Program = "/usr/sbin/sshd";

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private SshServer()
    {
        Keygen(_folder["host"]);
        Keygen(_folder["key"]);
        Keygen(_folder["other"]);
        Port = FreePort();
        File.Copy(_folder["key.pub"], _folder["authorized"]);
        KnownHosts = _folder.Write("known hosts", HostLine(_folder["host.pub"]));
        _folder.Write(
            "config",
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                ListenAddress 127.0.0.1:{Port}
                HostKey {_folder["host"]}
                AuthorizedKeysFile {_folder["authorized"]}
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no

                """
            )
        );
        // sshd refuses to start as root without this folder.
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
        _process = Process.Start(
            new ProcessStartInfo(Program, ["-D", "-q", "-f", _folder["config"]])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            }
        )!;
    }

    public int Port { get; }

    public string Key => _folder["key"];

    /// <summary>A key that is not let in.</summary>
    public string OtherKey => _folder["other"];

    public string KnownHosts { get; }

    public static async Task<SshServer> StartAsync()
    {
        if (!File.Exists(Program))
            Assert.Skip(
                "There is no sshd here: install openssh-server (apt-get install openssh-server) to run the tests over SSH."
            );
        var server = new SshServer();
        await Eventually.Async(server.Answers);
        return server;
    }

    public string Url(string path) =>
        string.Create(CultureInfo.InvariantCulture, $"ssh://{Environment.UserName}@127.0.0.1:{Port}{path}");

    /// <summary>A known_hosts file that lists another key for the host.</summary>
    public string OtherHosts() => _folder.Write("other_hosts", HostLine(_folder["other.pub"]));

    public static void Keygen(string file)
    {
        using var keygen = Process.Start(
            new ProcessStartInfo("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", file])
        )!;
        keygen.WaitForExit();
        Assert.Equal(0, keygen.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    private string HostLine(string file) =>
        string.Create(CultureInfo.InvariantCulture, $"[127.0.0.1]:{Port} {File.ReadAllText(file)}");

    private bool Answers()
    {
        Assert.False(_process.HasExited, "sshd ended");
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

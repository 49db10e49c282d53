using Reconciler.Core.Ports;
using Reconciler.Testing.State;

namespace Reconciler.State.Tests.Postgres;

/// <summary>A server that lets nobody in without TLS, and whose certificate is for localhost.</summary>
public sealed class TlsTests(TlsTests.Server server) : IClassFixture<TlsTests.Server>
{
    [Theory]
    [InlineData("localhost", "sslmode=verify-full&sslrootcert=RIGHT")]
    [InlineData("localhost", "sslmode=verify-ca&sslrootcert=RIGHT")]
    [InlineData("127.0.0.1", "sslmode=verify-ca&sslrootcert=RIGHT")]
    [InlineData("localhost", "sslmode=require")]
    [InlineData("127.0.0.1", "sslmode=require")]
    [InlineData("127.0.0.1", "sslmode=prefer")]
    public void A_certificate_that_fits_lets_in(string host, string options)
    {
        using var store = StateStore.OpenOrCreate(server.Url(host, options));
        Assert.Equal(["true"], Encryptions(store));
    }

    [Theory]
    [InlineData("127.0.0.1", "sslmode=verify-full&sslrootcert=RIGHT")]
    [InlineData("localhost", "sslmode=verify-full&sslrootcert=WRONG")]
    [InlineData("localhost", "sslmode=verify-ca&sslrootcert=WRONG")]
    [InlineData("localhost", "sslmode=verify-full")]
    public void A_certificate_that_does_not_fit_is_refused_and_what_to_do_is_said(string host, string options)
    {
        var message = Refusal(server.Url(host, options));
        Assert.Contains(
            "cannot be reached: its certificate is not trusted for this host",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "name the file of the authority that signed it with sslrootcert",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_server_that_wants_tls_refuses_a_connection_without_it()
    {
        var message = Refusal(server.Url("localhost", "sslmode=disable"));
        Assert.Contains("refuses the user postgres (no pg_hba.conf entry for host", message, StringComparison.Ordinal);
        Assert.Contains("no encryption); check the user, sslmode, and pg_hba.conf", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("require")]
    [InlineData("verify-full")]
    public void A_server_without_tls_is_refused_where_tls_is_asked_for(string mode) =>
        Assert.Contains(
            "cannot be reached: ",
            Refusal($"{PostgresProcess.Shared.NewUrl()}&sslmode={mode}"),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_file_of_authorities_that_is_not_there_is_named() =>
        Assert.Contains(
            "/no/such/root.crt",
            Refusal(server.Url("localhost", "sslmode=verify-full&sslrootcert=/no/such/root.crt")),
            StringComparison.Ordinal
        );

    // Whether the connection is encrypted, as the server sees it.
    private static List<string> Encryptions(StateStore store) =>
        store.Alone(c => c.Rows("SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()", r => r.GetString(0)));

    private static string Refusal(string url) =>
        Assert.Throws<LedgerException>(() => StateStore.OpenOrCreate(url).Dispose()).Message;

    /// <summary>The server, and files of the right and of another authority.</summary>
    public sealed class Server : IDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly Lazy<PostgresProcess> _process;

        public Server()
        {
            var certificate = ServerCertificate.Make();
            File.WriteAllText(_folder.At("right.crt"), certificate.Authority);
            File.WriteAllText(_folder.At("wrong.crt"), ServerCertificate.Make().Authority);
            _process = new(() =>
            {
                // Skipped where none is installed.
                _ = PostgresProcess.Shared;
                return new(certificate);
            });
        }

        public string Url(string host, string options) =>
            _process
                .Value.NewUrl()
                .Replace("127.0.0.1", host, StringComparison.Ordinal)
                .Replace("?", $"?{options}&", StringComparison.Ordinal)
                .Replace("RIGHT", _folder.At("right.crt"), StringComparison.Ordinal)
                .Replace("WRONG", _folder.At("wrong.crt"), StringComparison.Ordinal);

        public void Dispose()
        {
            if (_process.IsValueCreated)
                _process.Value.Dispose();
            _folder.Dispose();
        }
    }
}

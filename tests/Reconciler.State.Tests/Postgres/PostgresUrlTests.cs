using Reconciler.Core.Ports;
using Reconciler.State.Postgres;

namespace Reconciler.State.Tests.Postgres;

/// <summary>A URL says where a state is, and never a password.</summary>
public sealed class PostgresUrlTests
{
    [Theory]
    [InlineData(
        "postgres://ana@db.example:5433/access?schema=team",
        "postgres://ana@db.example:5433/access?schema=team"
    )]
    [InlineData("postgresql://db.example/access", "postgres://db.example:5432/access?schema=reconciler")]
    [InlineData(
        "postgres://ana@/access?host=/var/run/postgresql",
        "postgres://ana@:5432/access?host=%2Fvar%2Frun%2Fpostgresql&schema=reconciler"
    )]
    [InlineData("postgres://[::1]:5433/access", "postgres://[::1]:5433/access?schema=reconciler")]
    [InlineData(
        "postgres://a%40b@h/a%20b?sslmode=verify-full&passwordfile=/run/pw",
        "postgres://a%40b@h:5432/a%20b?schema=reconciler"
    )]
    public void A_url_is_named_without_what_is_nobodys_business(string given, string named) =>
        Assert.Equal(named, PostgresUrl.Parse(given, _ => null).ToString());

    [Fact]
    public void What_a_url_leaves_out_comes_from_the_variables_of_libpq()
    {
        var variables = new Dictionary<string, string>
        {
            ["PGHOST"] = "db.example",
            ["PGPORT"] = "5444",
            ["PGDATABASE"] = "access",
            ["PGUSER"] = "ana",
            ["PGSSLMODE"] = "require",
            ["PGSSLROOTCERT"] = "/etc/root.crt",
        };
        var url = PostgresUrl.Parse("postgres://", variables.GetValueOrDefault);
        Assert.Equal("postgres://ana@db.example:5444/access?schema=reconciler", url.ToString());
        Assert.Equal("require", url.SslMode);
        Assert.Equal(Npgsql.SslMode.Require, url.Settings().SslMode);
        Assert.Equal("/etc/root.crt", url.Settings().RootCertificate);
    }

    [Theory]
    [InlineData("", Npgsql.SslMode.Prefer)]
    [InlineData("?sslmode=disable", Npgsql.SslMode.Disable)]
    [InlineData("?sslmode=allow", Npgsql.SslMode.Allow)]
    [InlineData("?sslmode=prefer", Npgsql.SslMode.Prefer)]
    [InlineData("?sslmode=require", Npgsql.SslMode.Require)]
    [InlineData("?sslmode=verify-ca", Npgsql.SslMode.VerifyCA)]
    [InlineData("?sslmode=verify-full", Npgsql.SslMode.VerifyFull)]
    public void Every_sslmode_of_libpq_is_known(string options, Npgsql.SslMode expected) =>
        Assert.Equal(
            expected,
            PostgresUrl.Parse($"postgres://db.example/access{options}", _ => null).Settings().SslMode
        );

    [Theory]
    [InlineData("postgres://ana:secret-7@db.example/access")]
    [InlineData("postgres://ana@db.example/access?password=secret-7")]
    public void A_password_in_the_url_is_refused_and_not_repeated(string url)
    {
        var problem = StatePlace.Problem(url)!;
        Assert.Equal(
            "a URL of PostgreSQL must not hold a password; put it into a file that passwordfile=PATH names, "
                + "into PGPASSWORD, or into ~/.pgpass (PGPASSFILE)",
            problem
        );
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://db.example", "lacks a database")]
    [InlineData("postgres://db.example:0/a", "\"0\" is no port")]
    [InlineData("postgres://db.example/a?shema=x", "\"shema\" is no option")]
    [InlineData("postgres://db.example/a?schema=x&schema=y", "says \"schema\" twice")]
    [InlineData("postgres://db.example/a?schema=Big", "\"Big\" is no name for the schema")]
    [InlineData("postgres://db.example/a?schema=pg_x", "\"pg_x\" is no name for the schema")]
    [InlineData("postgres://db.example/a?sslmode=on", "\"on\" is no sslmode")]
    public void What_is_wrong_with_a_url_is_said(string url, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<LedgerException>(() => PostgresUrl.Parse(url, _ => null)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_path_is_no_url()
    {
        Assert.False(StatePlace.IsServer(".reconciler/state.db"));
        Assert.Null(StatePlace.Problem("postgres:/x"));
        Assert.Equal("/a/b.db", StatePlace.Full("b.db", "/a"));
    }
}

using System.Text.Json.Nodes;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Testing;

namespace Reconciler.Kubernetes.Tests.Configuration;

/// <summary>
/// Real programs, as small as they can be: shell scripts, which the plugin starts as it starts any program.
/// </summary>
public sealed class ExecPluginTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task A_program_gets_its_arguments_as_they_are_and_its_variables()
    {
        var source = Plugin(
            """printf '%s\n' "$@" > "$OUT"; printf '%s' "$KUBERNETES_EXEC_INFO" > "$OUT.info"; """
                + Prints("$GREETING"),
            "args: ['$(id)', 'a b', ';exit 7']",
            "provideClusterInfo: true"
        );
        Assert.Equal("Bearer hello", (await GetAsync(source)).Authorization);
        Assert.Equal(
            ["$(id)", "a b", ";exit 7"],
            await File.ReadAllLinesAsync(At("out"), TestContext.Current.CancellationToken)
        );
        var info = JsonNode.Parse(await File.ReadAllTextAsync(At("out.info"), TestContext.Current.CancellationToken))!;
        Assert.Equal(
            ("ExecCredential", "client.authentication.k8s.io/v1"),
            ((string)info["kind"]!, (string)info["apiVersion"]!)
        );
        Assert.False((bool)info["spec"]!["interactive"]!);
        Assert.Equal("https://c.example", (string)info["spec"]!["cluster"]!["server"]!);
    }

    [Fact]
    public async Task It_is_run_once_for_all_and_again_when_the_credential_expires()
    {
        var source = Plugin(Counts + Prints("token-$n", _clock.GetUtcNow().AddMinutes(10)));
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync(source)));
        Assert.All(all, one => Assert.Same(all[0], one));
        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.Equal("Bearer token-1", (await GetAsync(source)).Authorization);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("Bearer token-2", (await GetAsync(source)).Authorization);
    }

    [Fact]
    public async Task It_is_run_again_after_a_401_but_not_for_one_that_is_old()
    {
        var source = Plugin(Counts + Prints("token-$n"));
        var first = await GetAsync(source);
        Assert.True(source.Refuse(first));
        var second = await GetAsync(source);
        Assert.Equal("Bearer token-2", second.Authorization);
        source.Refuse(first);
        Assert.Same(second, await GetAsync(source));
    }

    [Theory]
    [InlineData("echo secret-token >&1; echo no luck >&2; exit 3", "failed with exit code 3: no luck")]
    [InlineData("echo secret-token", "printed something that is no ExecCredential")]
    [InlineData(
        """echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"secret-token"}}'""",
        "expected ExecCredential of client.authentication.k8s.io/v1"
    )]
    [InlineData(
        """echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{}}'""",
        "neither a token nor a certificate"
    )]
    [InlineData(
        """echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}'""",
        "printed no status"
    )]
    [InlineData(
        """echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":"""
            + """{"clientKeyData":"secret-token", "token":"x"}}'""",
        "without the other"
    )]
    [InlineData("yes secret-token", "printed more than")]
    public async Task A_program_that_fails_is_named_and_what_it_printed_is_not_repeated(string script, string expected)
    {
        var failed = await Assert.ThrowsAsync<ConfigurationException>(() => GetAsync(Plugin(script)));
        Assert.Contains(expected, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        var source = Plugin(Counts + "[ $n = 1 ] && exit 1\n" + Prints("token-$n"));
        await Assert.ThrowsAsync<ConfigurationException>(() => GetAsync(source));
        Assert.Equal("Bearer token-2", (await GetAsync(source)).Authorization);
    }

    [Fact]
    public async Task A_program_that_never_ends_is_ended_after_a_minute()
    {
        var source = Plugin("sleep 600");
        var asked = GetAsync(source);
        await _clock.SomebodyWaits(TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains(
            "did not end within 60 s",
            (await Assert.ThrowsAsync<ConfigurationException>(() => asked)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_program_that_is_absent_is_named_with_the_hint()
    {
        var source = Load(
            "exec: {command: no-such-program-anywhere, apiVersion: client.authentication.k8s.io/v1, installHint: get it there}"
        );
        var failed = await Assert.ThrowsAsync<ConfigurationException>(() => GetAsync(source));
        Assert.Contains("no-such-program-anywhere", failed.Message, StringComparison.Ordinal);
        Assert.Contains("(get it there)", failed.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private const string Counts = "n=$(( $(cat \"$OUT.n\" 2>/dev/null || echo 0) + 1 )); echo $n > \"$OUT.n\"\n";

    private static string Prints(string token, DateTimeOffset? expires = null)
    {
        var until = expires is { } at ? $", \\\"expirationTimestamp\\\":\\\"{at:yyyy-MM-ddTHH:mm:ssZ}\\\"" : "";
        return "echo \"{\\\"kind\\\":\\\"ExecCredential\\\","
            + "\\\"apiVersion\\\":\\\"client.authentication.k8s.io/v1\\\","
            + $"\\\"status\\\":{{\\\"token\\\":\\\"{token}\\\"{until}}}}}\"";
    }

    private static async Task<Credential> GetAsync(ICredentialSource source) =>
        await source.GetAsync(TestContext.Current.CancellationToken);

    private ICredentialSource Plugin(string script, params string[] more)
    {
        File.WriteAllText(At("plugin.sh"), $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                At("plugin.sh"),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
        var env = $"env: [{{name: OUT, value: '{At("out")}'}}, {{name: GREETING, value: hello}}]";
        return Load(
            $"exec: {{{string.Join(", ", ["command: ./plugin.sh", "apiVersion: client.authentication.k8s.io/v1", env, .. more])}}}"
        );
    }

    private ICredentialSource Load(string user)
    {
        File.WriteAllText(
            At("config"),
            $$"""
            current-context: it
            clusters: [{name: c, cluster: {server: "https://c.example"} }]
            users: [{name: u, user: { {{user}} } }]
            contexts: [{name: it, context: {cluster: c, user: u} }]
            """
        );
        return KubeConfig.Load(new() { Files = [At("config")], Clock = _clock }).Credentials;
    }

    private string At(string name) => Path.Combine(_folder, name);
}

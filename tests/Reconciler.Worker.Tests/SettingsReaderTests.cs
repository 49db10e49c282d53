using Reconciler.Core.Manifests;
using Reconciler.Hosting;
using Reconciler.Worker.Settings;

namespace Reconciler.Worker.Tests;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-settings-");

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        var settings = Read(
            "source: {git: {url: 'https://git.example/file', branch: main, interval: 5m}}\nmaxRemovals: '7'\nlog: {format: json}\n",
            new()
            {
                ["RECONCILER_WORKER_SOURCE_GIT_BRANCH"] = "stable",
                ["RECONCILER_WORKER_ALLOW_HOSTS"] = "a.example, b.example",
                ["RECONCILER_WORKER_MAX_REMOVALS"] = "6",
            },
            ("maxRemovals", "5", "--set"),
            ("baseUrls", "one=https://one.example/api", "--set")
        );
        Assert.Equal("https://git.example/file", settings.Source.Git!.Url);
        Assert.Equal("stable", settings.Source.Git.Branch);
        Assert.Equal(TimeSpan.FromMinutes(5), WorkerDefaults.SourceInterval(settings));
        Assert.Equal(["a.example", "b.example"], settings.AllowHosts);
        Assert.Equal("5", settings.MaxRemovals);
        Assert.Equal("https://one.example/api", settings.BaseUrls!["one"]);
        Assert.Equal(LogFormat.Json, settings.Log!.Format);
    }

    [Fact]
    public void The_variable_of_every_command_names_the_state_and_yields_to_what_is_the_workers_own()
    {
        const string File = "source: {folder: {path: people}}\nstate: file.db\n";
        Assert.Equal("common.db", State(File, ("RECONCILER_STATE", "common.db")));
        Assert.Equal("file.db", State(File, ("RECONCILER_STATE", "")));
        Assert.Equal("own.db", State(File, ("RECONCILER_STATE", "common.db"), ("RECONCILER_WORKER_STATE", "own.db")));
        Assert.Equal(
            "typed.db",
            Read(File, new() { ["RECONCILER_STATE"] = "common.db" }, ("state", "typed.db", "--state")).State
        );

        string? State(string file, params (string Name, string Value)[] variables) =>
            Read(file, variables.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal)).State;
    }

    [Fact]
    public void A_problem_of_the_state_names_the_variable_and_never_a_password()
    {
        foreach (var name in new[] { "RECONCILER_STATE", "RECONCILER_WORKER_STATE" })
            Assert.Equal(
                $"variable {name}: state: a URL of PostgreSQL must not hold a password; put it into a file that "
                    + "passwordfile=PATH names, into PGPASSWORD, or into ~/.pgpass (PGPASSFILE)",
                Assert.Single(
                    ProblemsOf(
                        "source: {folder: {path: people}}\n",
                        new() { [name] = "postgres://ana:secret-7@db.example/access" }
                    )
                )
            );
    }

    [Fact]
    public void All_problems_are_told_at_once_each_with_its_place()
    {
        var problems = ProblemsOf(
            """
            source:
              git: {url: https://git.example/a, branch: main, tag: v1, sshKeyFile: key}
            stat: state.db
            operations: {listen: 0.0.0.0:8080}
            status: {listen: 0.0.0.0:8080}
            notifications:
            - {url: http://chat.example/hook}
            """,
            new() { ["RECONCILER_WORKER_SOURCE_GIT_BRNACH"] = "x", ["RECONCILER_WORKER_LOG_LEVEL"] = "loud" },
            ("maxRemoval", "3", "--set")
        );
        Assert.Equal(
            [
                "--set: \"maxRemoval\" is no setting of the worker; did you mean \"maxRemovals\"?",
                "FILE:2:72: source.git.sshKeyFile: an SSH key or a known_hosts file is given, "
                    + "and the repository's address is none of ssh; give a token file for https",
                "FILE:2:8: source.git: branch and tag given; expected at most one of branch, tag",
                "FILE:3:1: stat: unknown field; "
                    + "expected source, state, secretsDir, guardrails, approvals, connections, vendors, "
                    + "overrideVendors, maxRemovals, allowHosts, allowEnv, baseUrls and 8 more; "
                    + "did you mean \"state\"?",
                "FILE:5:18: status.listen: has the port of operations; expected a port of its own",
                "FILE:5:18: status.listen: is \"0.0.0.0:8080\", which others reach; "
                    + "the page shows addresses of people, so expected tokenFile too, or 127.0.0.1",
                "FILE:7:9: notifications[0].url: is http; expected https, except on loopback",
                "variable RECONCILER_WORKER_LOG_LEVEL: log.level: is \"loud\"; expected one of debug, info, warning",
                "variable RECONCILER_WORKER_SOURCE_GIT_BRNACH: is no setting of the worker; "
                    + "did you mean \"RECONCILER_WORKER_SOURCE_GIT_BRANCH\"?",
            ],
            problems.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void What_the_source_and_telemetry_would_refuse_at_the_start_is_told_by_its_place()
    {
        var problems = ProblemsOf(
                """
                source:
                  git: {url: 'git@git.example:team/people.git', branch: 'a..b', path: ../people, caFile: ca.pem, username: 'a:b'}
                notifications:
                - {url: 'https://[chat'}
                telemetry: {endpoint: 'http://[collector'}
                """,
                []
            )
            .ToArray();
        foreach (
            var field in new[]
            {
                "FILE:2:57: source.git.branch",
                "FILE:2:71: source.git.path",
                "FILE:2:90: source.git.caFile",
                "source.git.sshKeyFile: an address of ssh needs a key file",
                "source.git.username",
                "FILE:4:9: notifications[0].url: cannot be read",
                "FILE:5:23: telemetry.endpoint",
            }
        )
            Assert.Single(problems, p => p.Contains(field, StringComparison.Ordinal));
        Assert.Equal(7, problems.Length);
        Assert.Contains(
            "source.git.url: addresses that begin with ext:: are refused",
            Assert.Single(ProblemsOf("source: {git: {url: 'ext::sh'}}\n", [])),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Files_that_are_named_must_be_there_where_somebody_checks()
    {
        const string Text = """
            source:
              git: {url: 'git@git.example:team/people.git', sshKeyFile: key, knownHostsFile: hosts, verifyKeys: signers}
            secretsDir: secrets
            guardrails: guardrails.yaml
            connections: connections.yaml
            status: {tokenFile: status}
            webhook: {listen: '127.0.0.1:0', secretFile: hook}
            notifications:
            - {urlFile: slack}
            """;
        Assert.Equal("key", Read(Text, []).Source.Git!.SshKeyFile);

        var missing = Missing();
        Assert.Equal(9, missing.Length);
        Assert.Contains("FILE:2:61: source.git.sshKeyFile: is \"key\", which does not exist; expected a file", missing);
        Assert.Contains("FILE:3:13: secretsDir: is \"secrets\", which does not exist; expected a folder", missing);
        Assert.Contains(
            "FILE:9:13: notifications[0].urlFile: is \"slack\", which does not exist; expected a file",
            missing
        );

        foreach (var name in new[] { "key", "hosts", "guardrails.yaml", "connections.yaml", "status", "hook", "slack" })
            File.WriteAllText(Path.Combine(_folder.FullName, name), "");
        foreach (var name in new[] { "signers", "secrets" })
            _folder.CreateSubdirectory(name);
        Assert.Empty(Missing());

        string[] Missing()
        {
            var (problems, file) = (new Problems(), Write(Text));
            SettingsReader.Read(
                new(file, new Dictionary<string, string>(StringComparer.Ordinal), []),
                problems,
                _folder.FullName
            );
            return [.. problems.Sorted.Select(p => p.ToString().Replace(file, "FILE", StringComparison.Ordinal))];
        }
    }

    [Theory]
    [InlineData("folder: {path: people}", "guardrails: people/limits.yaml", "guardrails")]
    [InlineData("folder: {path: people}", "connections: ./people/../people", "connections")]
    [InlineData("folder: {path: people}", "approvals: people/approvals", "approvals")]
    [InlineData("folder: {path: people}", "secretsDir: .", "secretsDir")]
    [InlineData(
        "git: {url: 'https://git.example/a', workFolder: copies}",
        "guardrails: copies/limits.yaml",
        "guardrails"
    )]
    [InlineData("git: {url: 'https://git.example/a'}", "secretsDir: .reconciler/.source/secrets", "secretsDir")]
    public void What_the_runner_names_never_lies_in_the_source(string source, string setting, string field)
    {
        var (problems, file) = (new Problems(), Write($"source: {{{source}}}\n{setting}\n"));
        Assert.Null(
            SettingsReader.Read(
                new(file, new Dictionary<string, string>(StringComparer.Ordinal), []),
                problems,
                folder: _folder.FullName
            )
        );
        var problem = Assert.Single(problems.Sorted).ToString();
        Assert.Contains($": {field}: is \"", problem, StringComparison.Ordinal);
        Assert.Contains(
            "so a change of the manifests could change it too; expected a place apart",
            problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Neither_a_source_nor_two_are_settings()
    {
        Assert.Contains(
            ProblemsOf("state: a.db\n", []),
            p => p.Contains("source: is missing", StringComparison.Ordinal)
        );
        Assert.Contains(
            ProblemsOf("source: {git: {url: 'https://a.example/b'}, folder: {path: x}}\n", []),
            p =>
                p.Contains("git and folder", StringComparison.Ordinal)
                || p.Contains("exactly one", StringComparison.Ordinal)
        );
        Assert.Contains(
            ProblemsOf("just a text\n", []),
            p => p.Contains("expected a mapping", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_setting_but_lists_of_mappings_has_a_variable_of_its_own()
    {
        Assert.Equal(
            SettingsField.All.Length,
            SettingsField.All.Select(f => f.Variable).Distinct(StringComparer.Ordinal).Count()
        );
        Assert.Contains(SettingsField.All, f => f.Variable == "RECONCILER_WORKER_SOURCE_GIT_KNOWN_HOSTS_FILE");
        Assert.DoesNotContain(SettingsField.All, f => f.Path.StartsWith("notifications", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_page_gives_as_an_example_of_a_setting_is_one() =>
        Assert.All(
            SettingsField.All,
            field =>
            {
                (string, string, string)[] beside = field.Path switch
                {
                    "source.git.sshKeyFile" or "source.git.knownHostsFile" =>
                    [
                        ("source.git.url", "git@git.example:access.git", "--git"),
                        ("source.git.sshKeyFile", "key", "--set"),
                        ("source.git.knownHostsFile", "known_hosts", "--set"),
                    ],
                    _ when field.Path.StartsWith("source.folder.", StringComparison.Ordinal) =>
                    [
                        ("source.folder.path", "people", "--follow"),
                    ],
                    _ => [("source.git.url", "https://git.example/access.git", "--git")],
                };
                (string, string, string)[] section = field.Path.Split('.')[0] switch
                {
                    "webhook" =>
                    [
                        ("webhook.listen", "127.0.0.1:8082", "--set"),
                        ("webhook.secretFile", "secret", "--set"),
                    ],
                    "telemetry" => [("telemetry.endpoint", "http://127.0.0.1:4318", "--set")],
                    _ => [],
                };
                var example = SettingsPage.ExampleOf(field.Shape);

                Assert.NotEmpty(example);
                Read("", [], [.. beside, .. section, (field.Path, example, "--set")]);
                Read(
                    "",
                    new() { [field.Variable] = example },
                    [.. beside.Concat(section).Where(g => g.Item1 != field.Path)]
                );
            }
        );

    [Fact]
    public void Variables_that_Kubernetes_sets_for_a_Service_are_no_settings_and_no_mistakes()
    {
        var settings = Read(
            "source: {git: {url: 'https://git.example/a'}}\n",
            new()
            {
                ["RECONCILER_WORKER_SERVICE_HOST"] = "10.0.0.11",
                ["RECONCILER_WORKER_SERVICE_PORT"] = "8080",
                ["RECONCILER_WORKER_SERVICE_PORT_METRICS"] = "8080",
                ["RECONCILER_WORKER_PORT"] = "tcp://10.0.0.11:8080",
                ["RECONCILER_WORKER_PORT_8080_TCP"] = "tcp://10.0.0.11:8080",
                ["RECONCILER_WORKER_PORT_8080_TCP_PROTO"] = "tcp",
                ["RECONCILER_WORKER_PORT_8080_TCP_PORT"] = "8080",
                ["RECONCILER_WORKER_PORT_8080_TCP_ADDR"] = "10.0.0.11",
                ["RECONCILER_WORKER_PORT_53_UDP"] = "udp://10.0.0.11:53",
                ["RECONCILER_WORKER_STATUS_SERVICE_HOST"] = "10.0.0.12",
                ["RECONCILER_WORKER_STATUS_PORT"] = "tcp://10.0.0.12:8081",
            }
        );
        Assert.Equal("https://git.example/a", settings.Source.Git!.Url);
        Assert.Contains(
            ProblemsOf(
                "source: {git: {url: 'https://git.example/a'}}\n",
                new() { ["RECONCILER_WORKER_PORT"] = "8080" }
            ),
            p => p.Contains("RECONCILER_WORKER_PORT: is no setting", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(SettingsField.All, f => ServiceVariable.Is(f.Variable, "x"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private WorkerSettings Read(
        string text,
        Dictionary<string, string> variables,
        params (string, string, string)[] given
    )
    {
        var problems = new Problems();
        var settings = SettingsReader.Read(new(Write(text), variables, given), problems);
        Assert.Empty(problems.Sorted);
        return settings!;
    }

    private IEnumerable<string> ProblemsOf(
        string text,
        Dictionary<string, string> variables,
        params (string, string, string)[] given
    )
    {
        var (problems, file) = (new Problems(), Write(text));
        Assert.Null(SettingsReader.Read(new(file, variables, given), problems));
        return problems.Sorted.Select(p => p.ToString().Replace(file, "FILE", StringComparison.Ordinal));
    }

    private string Write(string text)
    {
        var file = Path.Combine(_folder.FullName, "worker.yaml");
        File.WriteAllText(file, text);
        return file;
    }
}

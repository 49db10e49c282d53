using System.CommandLine;
using System.Diagnostics;
using Reconciler.Manifests.Loading;
using Reconciler.Options;
using Reconciler.Runs;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests;

/// <summary>
/// The command that lets a held plan pass: pasted into a shell, it does the same again with the same manifests.
/// </summary>
public sealed class CommandTextTests
{
    private static readonly string Digest = $"hold:sha256:{new string('0', 64)}";

    private static readonly ManifestRequest Plain = new(["."]);
    private static readonly StateRequest Default = new("/case/.reconciler/state.db");

    public static TheoryData<string> Words =>
        [
            "people",
            "my people/a b",
            "it's",
            "'",
            "''",
            "\"quoted\"",
            "$HOME",
            "`id`",
            "$(id)",
            "a;b",
            "a&b|c>d<e",
            "*.yaml",
            "?",
            "[a-z]",
            "~",
            "~root/x",
            "#x",
            "!x",
            "back\\slash",
            "{a,b}",
            "a=b",
            "clarifeye-eu=http://127.0.0.1:8080/x",
            "äöü",
            "a\nb",
            "a\tb",
            "",
            "%s",
            "-n",
            "'\\''",
            "“x”",
        ];

    [Fact]
    public void The_verb_the_paths_and_the_digest_are_all_that_a_plain_run_needs()
    {
        Assert.Equal($"reconciler apply --approve {Digest}", CommandText.Release(Plain, Default, [Digest], "apply"));
        Assert.Equal(
            $"reconciler apply people teams.yaml --approve {Digest}",
            CommandText.Release(new(["people", "teams.yaml"]), Default, [Digest], "apply")
        );
        Assert.Equal(
            $"reconciler apply . extra --approve {Digest}",
            CommandText.Release(new([".", "extra"]), Default, [Digest], "apply")
        );
        Assert.Equal(
            $"reconciler offboard ana@example.com people --approve {Digest}",
            CommandText.Release(new(["people"]), Default, [Digest], "offboard", "ana@example.com")
        );
    }

    [Fact]
    public void Every_option_that_decided_about_the_plan_is_repeated()
    {
        var request = new ManifestRequest(["people"])
        {
            Exclude = ["old/", "*.tmp.yaml"],
            Providers = ["clarifeye-eu"],
            Projects = ["fraud", "churn"],
            AllowedHosts = ["acme.gorules.example"],
            BaseUrls = ["clarifeye-eu=http://127.0.0.1:8080/x"],
            AllowedVariables = ["MY_TOKEN"],
            Connections = "../runner/connections",
            Vendors = "../runner/vendors",
            OverriddenVendors = ["clarifeye"],
            SecretsFolder = "/run/secrets",
            Guardrails = "../runner/limits.yaml",
            MaxRemovals = 3,
            Baseline = "before",
        };
        Assert.Equal(
            "reconciler apply people --exclude old/ --exclude '*.tmp.yaml' --provider clarifeye-eu "
                + "--project fraud --project churn --allow-host acme.gorules.example"
                + " --base-url clarifeye-eu=http://127.0.0.1:8080/x --allow-env MY_TOKEN "
                + "--connections ../runner/connections --vendors ../runner/vendors --override-vendor clarifeye"
                + " --secrets-dir /run/secrets"
                + $" --guardrails ../runner/limits.yaml --max-removals 3 --baseline before --state ../state.db --approve {Digest}",
            CommandText.Release(request, Default with { Given = new("../state.db", "--state") }, [Digest], "apply")
        );
        Assert.Equal(
            $"reconciler apply people --state=-odd.db --approve {Digest}",
            CommandText.Release(new(["people"]), Default with { Given = new("-odd.db", "--state") }, [Digest], "apply")
        );
        Assert.Equal(
            $"reconciler apply people --max-removals none --no-state --approve {Digest}",
            CommandText.Release(new(["people"]) { LiftsBuiltInLimits = true }, new((string?)null), [Digest], "apply")
        );
    }

    [Fact]
    public void No_option_that_decides_about_a_plan_is_forgotten()
    {
        var root = CommandLines.Root();
        var apply = root.Subcommands.Single(c => c.Name == "apply");
        // These say how a run is shown, confirmed or bound to one plan; a plan is the same without them.
        string[] others =
        [
            "--yes",
            "--format",
            "--no-color",
            "--verbose",
            "--mask-emails",
            "--lock-timeout",
            "--plan",
            "--expect",
            "--approve",
            "--fail-on",
            "--compare",
            "--help",
            "--version",
        ];
        var repeated =
            CommandText.Release(
                new(["p"])
                {
                    Exclude = ["x"],
                    Providers = ["x"],
                    Projects = ["x"],
                    AllowedHosts = ["x"],
                    BaseUrls = ["x=y"],
                    AllowedVariables = ["x"],
                    Connections = "x",
                    Vendors = "x",
                    OverriddenVendors = ["x"],
                    SecretsFolder = "x",
                    Guardrails = "x",
                    Approvals = "x",
                    MaxRemovals = 1,
                    Baseline = "x",
                    AllowsEmpty = true,
                },
                Default with
                {
                    Given = new("x", "--state"),
                },
                [Digest],
                "apply"
            ) + CommandText.Release(Plain, new((string?)null), [Digest], "apply");
        Assert.All(
            apply.Options.Select(o => o.Name).Except(others, StringComparer.Ordinal),
            name => Assert.Contains($" {name} ", repeated, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_value_or_a_path_that_begins_with_a_dash_is_read_back_as_one()
    {
        var command = CommandText.Of(new(["-people"]) { Projects = ["-1"] }, "plan");
        Assert.Equal("reconciler plan ./-people --project=-1", command);
        Assert.Empty(CommandLines.ErrorsOf(command));
    }

    [Fact]
    public async Task A_real_shell_reads_back_the_same_words()
    {
        string[] odd = [.. Words.Select(w => (string)w)];
        var request = new ManifestRequest([.. odd.Where(w => w.Length > 0)])
        {
            Exclude = odd,
            Projects = odd,
            Connections = "runner's \"own\" $HOME",
            Guardrails = "a b",
        };
        var command = CommandText.Release(
            request,
            Default with
            {
                Given = new("it's here/state.db", "--state"),
            },
            [Digest],
            "offboard",
            "o'neil+x@example.com"
        );
        var read = await ReadBackAsync(command);
        Assert.Equal(
            [
                "reconciler",
                "offboard",
                "o'neil+x@example.com",
                .. odd.Where(w => w.Length > 0).Select(w => w.StartsWith('-') ? $"./{w}" : w),
                .. odd.SelectMany(w => Option("--exclude", w)),
                .. odd.SelectMany(w => Option("--project", w)),
                "--connections",
                "runner's \"own\" $HOME",
                "--guardrails",
                "a b",
                "--state",
                "it's here/state.db",
                "--approve",
                Digest,
            ],
            read
        );
    }

    [Fact]
    public async Task The_command_line_reads_back_what_was_given()
    {
        var request = new ManifestRequest(["my people", "it's"])
        {
            Connections = "the runner's",
            Projects = ["a b"],
            BaseUrls = ["x=http://127.0.0.1:1/a b"],
            MaxRemovals = 2,
        };
        var words = await ReadBackAsync(
            CommandText.Release(request, Default with { Given = new("my state.db", "--state") }, [Digest], "apply")
        );
        var parsed = CommandLines.Root().Parse([.. words.Skip(1)]);
        Assert.Empty(parsed.Errors);
        Assert.Equal(["my people", "it's"], parsed.GetRequiredValue<string[]>("paths"));
        Assert.Equal(
            ("the runner's", "my state.db", "2"),
            (
                parsed.GetValue<string>("--connections"),
                parsed.GetValue<string>("--state"),
                parsed.GetValue<string>("--max-removals")
            )
        );
        Assert.Equal(["a b"], parsed.GetRequiredValue<string[]>("--project"));
        Assert.Equal(["x=http://127.0.0.1:1/a b"], parsed.GetRequiredValue<string[]>("--base-url"));
    }

    private static string[] Option(string name, string value) =>
        value.StartsWith('-') ? [$"{name}={value}"] : [name, value];

    // sh says what it made of each word, with a NUL behind it.
    private static async Task<string[]> ReadBackAsync(string command)
    {
        var start = new ProcessStartInfo("sh")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            ArgumentList = { "-c", $"set -- {command}\nprintf '%s\\0' \"$@\"" },
        };
        using var shell = Process.Start(start)!;
        var said = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
        return said.Split('\0')[..^1];
    }
}

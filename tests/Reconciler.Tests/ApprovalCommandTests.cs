using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests;

/// <summary>
/// Holds are released from the command line by what it printed, and by Approvals of the runner: at every vendor, over
/// real HTTP.
/// </summary>
public sealed partial class ApprovalCommandTests : IDisposable
{
    private const string Bot = "bot@example.com";
    private static readonly string[] Gone = ["ana@example.com", "ben@example.com"];
    private static readonly string Other = $"hold:sha256:{new string('0', 64)}";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-approve-");
    private readonly FakeTimeProvider _clock = new(FakeClock.Morning);

    public static TheoryData<string> Vendors => [.. VendorRows.Names];

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Dead_release_command(string name)
    {
        // An invitation and two removals in one project, and an invitation in another that is applied beside the held
        // part.
        var vendor = VendorRows.Of(name);
        await using var server = await StartAsync(vendor);
        var (code, said) = await RunAsync(server, vendor, "apply", "--yes", "--max-removals", "1");
        Assert.True(code == ExitCode.Held, said);
        Assert.Equal(["ana@example.com", "ben@example.com"], Leavers(server, vendor));

        var printed = ReleaseCommand().Match(said).Groups["command"].Value;
        var (again, released) = await RunAsync(server, vendor, [.. CommandLines.WordsOf(printed), "--yes"]);
        Assert.True(again == ExitCode.Done, released);
        Assert.Contains("released once by --approve", released, StringComparison.Ordinal);
        Assert.Empty(Leavers(server, vendor));
    }

    [Fact]
    public async Task An_approval_of_another_hold_releases_nothing_and_names_what_is_held()
    {
        var vendor = VendorRows.Of("clarifeye");
        await using var server = await StartAsync(vendor);
        var (code, said) = await RunAsync(server, vendor, "apply", "--yes", "--max-removals", "1", "--approve", Other);
        Assert.True(code == ExitCode.Held, said);
        Assert.Contains(
            $"the approval of {Other} (--approve) fits nothing that is held now; it released nothing",
            said,
            StringComparison.Ordinal
        );
        Assert.Matches("Held now:\n  main: hold:sha256:[0-9a-f]{64}\n", said);
    }

    [Fact]
    public async Task Each_of_approve_and_expect_names_the_other_for_its_digest()
    {
        var vendor = VendorRows.Of("clarifeye");
        await using var server = await StartAsync(vendor);
        var (approve, wrongHold) = await RunAsync(
            server,
            vendor,
            "apply",
            "--yes",
            "--approve",
            Other["hold:".Length..]
        );
        Assert.Contains("this is the digest of a plan, which --expect takes", wrongHold, StringComparison.Ordinal);
        var (expect, wrongPlan) = await RunAsync(server, vendor, "apply", "--yes", "--expect", Other);
        Assert.Contains("this is the digest of a hold, which --approve takes", wrongPlan, StringComparison.Ordinal);
        Assert.True(approve != ExitCode.Done && expect == approve);
        Assert.Equal(0, server.NonGetCount);
    }

    [Fact]
    public async Task An_Approval_of_the_runner_releases_a_hold_once_and_is_named_in_the_audit_trail()
    {
        var vendor = VendorRows.Of("clarifeye");
        await using var server = await StartAsync(vendor);
        var (_, said) = await RunAsync(server, vendor, "plan", "--max-removals", "1");
        Approve(Hold().Match(said).Value);

        var (code, released) = await RunAsync(
            server,
            vendor,
            "apply",
            "--yes",
            "--max-removals",
            "1",
            "--approvals",
            "../approvals"
        );
        Assert.True(code == ExitCode.Done, released);
        Assert.Contains("released once by the Approval default/leavers at ", released, StringComparison.Ordinal);
        var (_, history) = await RunAsync(server, vendor, "state", "history");
        Assert.Contains("approvals/a.yaml", history, StringComparison.Ordinal);
        Assert.Contains("SEC-7: they left", history, StringComparison.Ordinal);

        foreach (var email in new[] { "ana@example.com", "ben@example.com" })
            server.Connection(vendor.Connection).AddMember(vendor.ProjectId, email, vendor.SeedLesser);
        var (_, used) = await RunAsync(
            server,
            vendor,
            "apply",
            "--yes",
            "--max-removals",
            "1",
            "--approvals",
            "../approvals"
        );
        Assert.DoesNotContain("released once by", used, StringComparison.Ordinal);
        Assert.Contains("was used before, and is good for once", used, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Approval_without_an_end_ends_a_day_after_an_apply_first_saw_it()
    {
        var vendor = VendorRows.Of("clarifeye");
        await using var server = await StartAsync(vendor);
        var (_, said) = await RunAsync(server, vendor, "plan", "--max-removals", "1");
        Approve(Other);
        await RunAsync(server, vendor, "apply", "--yes", "--max-removals", "1", "--approvals", "../approvals");
        Approve(Hold().Match(said).Value, name: "late");
        var (_, seen) = await RunAsync(server, vendor, "plan", "--max-removals", "1", "--approvals", "../approvals");
        Assert.Contains("released once by the Approval default/late", seen, StringComparison.Ordinal);

        Approve(Other);
        _clock.Advance(TimeSpan.FromHours(25));
        var (code, ended) = await RunAsync(
            server,
            vendor,
            "apply",
            "--yes",
            "--max-removals",
            "1",
            "--approvals",
            "../approvals"
        );
        Assert.True(code == ExitCode.Held, ended);
        Assert.Contains("(the Approval default/leavers at ", ended, StringComparison.Ordinal);
        Assert.Contains("; it released nothing", ended, StringComparison.Ordinal);
        Assert.Contains(") ended on ", ended, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_state_an_Approval_needs_its_end()
    {
        var vendor = VendorRows.Of("clarifeye");
        await using var server = await StartAsync(vendor);
        var (_, said) = await RunAsync(server, vendor, "plan", "--max-removals", "1");
        var hold = Hold().Match(said).Value;
        Approve(hold);
        var (code, refused) = await RunAsync(
            server,
            vendor,
            "apply",
            "--yes",
            "--no-state",
            "--max-removals",
            "1",
            "--approvals",
            "../approvals"
        );
        Assert.True(code == ExitCode.Held, refused);
        Assert.Contains(
            "it states no end, and no state remembers when it was first seen; expected expires",
            refused,
            StringComparison.Ordinal
        );

        Approve(
            hold,
            ", expires: "
                + _clock.GetUtcNow().AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        );
        var (done, released) = await RunAsync(
            server,
            vendor,
            "apply",
            "--yes",
            "--no-state",
            "--max-removals",
            "1",
            "--approvals",
            "../approvals"
        );
        Assert.True(done == ExitCode.Done, released);
    }

    [Fact]
    public async Task An_Approval_among_the_manifests_is_refused_and_told_where_it_belongs()
    {
        var vendor = VendorRows.Of("clarifeye");
        await using var server = await StartAsync(vendor);
        await RunAsync(server, vendor, "plan");
        await File.WriteAllTextAsync(
            Path.Combine(People, "approval.yaml"),
            Text(Other, "", "own"),
            TestContext.Current.CancellationToken
        );
        var (code, said) = await RunAsync(server, vendor, "apply", "--yes");
        Assert.True(code == ExitCode.Problems, said);
        Assert.Contains("Approval default/own stands among the manifests", said, StringComparison.Ordinal);
        Assert.Contains("--approvals", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approve_in_the_same_pull_request()
    {
        var vendor = VendorRows.Of("clarifeye");
        await using var server = await StartAsync(vendor);
        var (_, said) = await RunAsync(server, vendor, "plan", "--max-removals", "0");
        var annotation = $", annotations: {{reconciler.dev/approve: \"{Hold().Match(said).Value}\"}}";
        var (code, held) = await RunWithAsync(server, vendor, annotation, "apply", "--yes", "--max-removals", "0");
        Assert.True(code == ExitCode.Held, held);
        Assert.Equal(2, Leavers(server, vendor).Length);
    }

    [Fact]
    public async Task Several_holds_are_released_by_the_one_command_that_names_them_all()
    {
        var vendor = VendorRows.Of("clarifeye");
        await using var server = await StartAsync(vendor, leaversInBoth: true);
        var (code, said) = await RunAsync(server, vendor, "apply", "--yes", "--max-removals", "1");
        Assert.True(code == ExitCode.Held, said);
        var all = ReleaseAll().Match(said).Groups["command"].Value;
        var (done, released) = await RunAsync(server, vendor, [.. CommandLines.WordsOf(all), "--yes"]);
        Assert.True(done == ExitCode.Done, released);
        Assert.Empty(Leavers(server, vendor));
        Assert.DoesNotContain(
            server.Connection(vendor.Connection).Members(SecondOf(vendor)),
            m => Gone.Contains(m.Email)
        );
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // GoRules keeps a seat of whoever was removed, without access.
    private static string[] Leavers(SandboxServer server, VendorRow vendor) =>
        [
            .. server
                .Connection(vendor.Connection)
                .Members(vendor.ProjectId)
                .Where(m => Gone.Contains(m.Email) && m.Access.ToString() == vendor.SeedLesser.ToString())
                .Select(m => m.Email)
                .Order(StringComparer.Ordinal),
        ];

    private string People => Path.Combine(_folder.FullName, "people");

    private void Approve(string hold, string more = "", string name = "leavers")
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, "approvals"));
        foreach (var old in folder.GetFiles())
            old.Delete();
        File.WriteAllText(Path.Combine(folder.FullName, "a.yaml"), Text(hold, more, name));
    }

    private static string Text(string hold, string more, string name) =>
        $"apiVersion: reconciler.dev/v1alpha1\nkind: Approval\nmetadata: {{name: {name}}}\n"
        + $"spec: {{hold: \"{hold}\", reason: \"SEC-7: they left\"{more}}}\n";

    // Another project of the same account: the last digit of its id differs.
    private static string SecondOf(VendorRow vendor) =>
        vendor.ProjectId[..^1] + (vendor.ProjectId[^1] == '1' ? '2' : '1');

    private Task<SandboxServer> StartAsync(VendorRow vendor, bool leaversInBoth = false)
    {
        SeedMember[] leavers = [new("ana@example.com", vendor.SeedLesser), new("ben@example.com", vendor.SeedLesser)];
        SeedMember bot = new(Bot, vendor.SeedGreater);
        var seed = new SandboxSeed
        {
            Token = "t0ken",
            Projects =
            [
                vendor.Prepare(new(vendor.ProjectId, vendor.Connection) { Members = [bot, .. leavers] }),
                vendor.Prepare(
                    new(SecondOf(vendor), vendor.Connection) { Members = leaversInBoth ? [bot, .. leavers] : [bot] }
                ),
            ],
        };
        return SandboxServer.StartAsync(new() { Seed = seed, Clock = _clock }, TestContext.Current.CancellationToken);
    }

    private Task<(int Code, string Said)> RunAsync(SandboxServer server, VendorRow vendor, params string[] words) =>
        RunWithAsync(server, vendor, "", words);

    private async Task<(int Code, string Said)> RunWithAsync(
        SandboxServer server,
        VendorRow vendor,
        string metadata,
        params string[] words
    )
    {
        Directory.CreateDirectory(People);
        await File.WriteAllTextAsync(
            Path.Combine(People, "main.yaml"),
            Manifests(vendor, metadata),
            TestContext.Current.CancellationToken
        );
        using var said = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = said,
            Error = said,
            In = TextReader.Null,
            Variable = _ => "t0ken",
            Folder = People,
            Clock = _clock,
        };
        string[] places =
            words.Contains("--base-url") || words[0] == "state"
                ? []
                : ["--base-url", $"{vendor.Connection}={server.BaseUrl(vendor.Connection)}"];
        var code = await Cli.RunAsync([.. words, .. places], environment, TestContext.Current.CancellationToken);
        return (code, said.ToString());
    }

    private static string Manifests(VendorRow vendor, string metadata) =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: {{{vendor.Connection}}}}
            spec: {type: {{{vendor.Type}}}, baseUrl: https://vendor.example, actingAs: {{{Bot}}},
            """
        + $$$"""
             credentials: {token: {env: RECONCILER_T} } }
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: main{{{metadata}}}}
            spec:
              provider: {{{vendor.Connection}}}
              projectId: {{{vendor.ProjectId}}}
              prune: all
              members: [{email: new@example.com, access: {{{vendor.Lesser}}}}]
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: second}
            spec:
              provider: {{{vendor.Connection}}}
              projectId: {{{SecondOf(vendor)}}}
              prune: all
              members: [{email: other@example.com, access: {{{vendor.Lesser}}}}]
            """;

    [GeneratedRegex("release it once with: (?<command>reconciler [^\n]*)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex ReleaseCommand();

    [GeneratedRegex("Release all 2 once with: (?<command>reconciler [^\n]*)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex ReleaseAll();

    [GeneratedRegex("hold:sha256:[0-9a-f]{64}", RegexOptions.None, 60_000)]
    private static partial Regex Hold();
}

using System.Text.Json.Nodes;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>Why something is not ready: one cause has one reason, and what waits for somebody is stalled.</summary>
public sealed class OperatorReasonTests(KubeApiServer server)
{
    private const string Role = """
        apiVersion: reconciler.dev/v1alpha1
        kind: AccessRole
        metadata: {name: analyst}
        spec:
          access:
            confident-ai: {role: Analist}
        """;

    private static readonly VendorRow Vendor = VendorRows.Of("confident-ai");

    [Fact]
    public async Task A_provider_that_nobody_uses_any_more_is_ready_whatever_stood_there()
    {
        await using var scene = await SetAsync(server, Vendor);
        await scene.ApplyAsync(OperatorScene.Secret("another-t0ken"), OperatorScene.Membership(Vendor, ""));
        scene.Start();
        var refused = await scene.UntilAsync(r => Is(r, "False", "CredentialsRefused"));
        var provider = await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "False", "CredentialsRefused"));
        Assert.Equal(Condition(refused, "Stalled"), Condition(provider, "Stalled"));
        await scene.UntilEventAsync(e => (string?)e["reason"] == "CredentialsRefused");

        await scene.KubectlAsync("delete", "pm", "fraud");

        var unused = await scene.UntilAsync(
            "AccessProvider",
            "vendor",
            r => Is(r, "True", "NotUsed") && (int?)r["status"]!["memberships"] == 0
        );
        Assert.Equal("no membership uses it; the token was not tried", Condition(unused, "Ready")!.Value.Message);
        Assert.Equal(KStatus.Current, KStatus.Of(unused));
        Assert.All((string[])["reachable", "lastError", "quota"], f => Assert.Null(unused["status"]![f]));

        // What stood there is not believed of the next one either.
        await scene.ApplyAsync(OperatorScene.Secret(Token), OperatorScene.Membership(Vendor, ""));
        await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "True", "Reachable"));
        await scene.ApplyAsync(OperatorScene.Secret("another-t0ken"));
        await scene.KubectlAsync("annotate", "pm", "fraud", "reconciler.dev/requestedAt=1");
        await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "False", "CredentialsRefused"));
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  suspend: true"));
        unused = await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "True", "NotUsed"));
        Assert.Equal(
            "every membership that uses it is suspended, stalled or waits; the token is not tried",
            Condition(unused, "Ready")!.Value.Message
        );
    }

    [Theory]
    [InlineData(503, "Unreachable", KStatus.InProgress)]
    [InlineData(403, "Forbidden", KStatus.Failed)]
    public async Task What_the_vendor_answers_has_one_reason_in_the_status_and_its_Event(
        int answer,
        string reason,
        string kstatus
    )
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Sandbox.Inject(Fault.Answer(answer) with { Times = null });
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, ""));

        Assert.Equal(kstatus, KStatus.Of(await scene.UntilAsync(r => Is(r, "False", reason))));
        await scene.UntilEventAsync(e => (string?)e["regarding"]!["name"] == "fraud" && (string?)e["reason"] == reason);
    }

    [Theory]
    [InlineData(
        "confident-ai",
        "role: Manger",
        "spec.members[1].access.role: there is no role \"Manger\"; ",
        "Manager"
    )]
    [InlineData(
        "gorules",
        "groups: [Editors, Reviewrs]",
        "spec.members[1].access.groups[1]: the project has no group \"Reviewrs\"; ",
        "Reviewers"
    )]
    public async Task A_name_that_the_vendor_does_not_know_is_invalid_with_its_field_and_the_known_names(
        string type,
        string access,
        string says,
        string meant
    )
    {
        var vendor = VendorRows.Of(type);
        await using var scene = await SetAsync(server, vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(vendor, "", $"email: ana@example.com, access: {{{access}}}"));

        var stalled = await scene.UntilAsync(r => Is(r, "False", "Invalid"));

        var message = Condition(stalled, "Stalled")!.Value.Message;
        Assert.StartsWith($"{says}expected one of ", message, StringComparison.Ordinal);
        Assert.EndsWith($"did you mean \"{meant}\"?", message, StringComparison.Ordinal);
        Assert.Equal(KStatus.Failed, KStatus.Of(stalled));
        await scene.UntilEventAsync(e => (string?)e["reason"] == "Invalid" && (string?)e["note"] == message);
        await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "True", "Reachable"));

        await scene.ApplyAsync(OperatorScene.Membership(vendor, "", "ana@example.com"));
        Assert.Equal(2, (int?)(await scene.UntilAsync(IsConverged))["status"]!["declared"]);
        await scene.ApplyAsync(OperatorScene.Membership(vendor, "", $"email: ana@example.com, access: {{{access}}}"));
        stalled = await scene.UntilAsync(r => Is(r, "False", "Invalid"));
        Assert.All(
            (string[])["declared", "converged", "people", "plan", "findings"],
            field => Assert.Null(stalled["status"]![field])
        );
    }

    [Fact]
    public async Task A_misspelt_role_in_an_AccessRole_is_named_there_once_however_many_people_have_it()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(
            Role,
            OperatorScene.Membership(
                Vendor,
                "",
                "email: ana@example.com, role: analyst",
                "email: ben@example.com, role: analyst",
                "email: eve@example.com, access: {role: Analist}"
            )
        );

        var stalled = await scene.UntilAsync(r => Is(r, "False", "Invalid"));

        Assert.StartsWith(
            $"AccessRole/{scene.Space}/analyst: spec.access.confident-ai.role (and 1 more field): there is no role",
            Condition(stalled, "Stalled")!.Value.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_role_that_the_vendor_refuses_only_when_it_is_given_is_stalled_with_its_entry()
    {
        var vendor = VendorRows.Of("equinix-metal");
        await using var scene = await SetAsync(server, vendor);
        scene.Start();
        await scene.ApplyAsync(
            OperatorScene.Membership(vendor, "", "email: ana@example.com, access: {roles: [collaboratr]}")
        );

        var refused = await scene.UntilAsync(r => Is(r, "False", "Refused"));

        var message = Condition(refused, "Stalled")!.Value.Message;
        Assert.StartsWith("spec.members[1]: ", message, StringComparison.Ordinal);
        Assert.Contains("Roles contains an invalid role collaboratr", message, StringComparison.Ordinal);
        Assert.Equal(KStatus.Failed, KStatus.Of(refused));
        await scene.UntilEventAsync(e => (string?)e["reason"] == "InviteFailed");
    }

    [Fact]
    public async Task Two_ways_at_once_are_told_by_the_operator_where_the_server_has_no_rules()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(
            OperatorScene.Membership(Vendor, "", "email: ana@example.com, person: ana, access: {role: Member}")
        );

        var stalled = await scene.UntilAsync(r => Is(r, "False", "Invalid"));

        Assert.StartsWith(
            "spec.members[1]: email and person given; expected exactly one of email, person, login, team, userId",
            Condition(stalled, "Stalled")!.Value.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_first_reconcile_that_fails_writes_its_status_at_once()
    {
        await using var scene = await SetAsync(server, Vendor);
        await scene.ApplyAsync(OperatorScene.Secret("another-t0ken"));
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com"));

        await scene.UntilAsync(r => Is(r, "False", "CredentialsRefused"));

        // A second reconcile would ask once more.
        Assert.Single(scene.Sandbox.Requests);
    }

    [Fact]
    public async Task An_annotation_that_fits_nothing_is_told_with_the_command_that_removes_it()
    {
        await using var scene = await SetAsync(server, Vendor, new SeedMember("carl@example.com", Vendor.SeedLesser));
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, ""));
        await scene.UntilAsync(IsConverged);

        await scene.KubectlAsync(
            "annotate",
            "pm",
            "fraud",
            $"reconciler.dev/approve=hold:sha256:{new string('0', 64)}",
            "reconciler.dev/requestedAt=1"
        );
        var told = await scene.UntilAsync(r => IsConverged(r) && Says(r, "fits nothing that is held"));
        await scene.UntilEventAsync(e =>
            (string?)e["reason"] == "FitsNothing" && (string?)e["regarding"]!["name"] == "fraud"
        );

        await scene.RunAdviceAsync(Condition(told, "Ready")!.Value.Message);
        await scene.UntilAsync(r => IsConverged(r) && !Says(r, "annotation"));
    }

    private static bool Says(JsonObject resource, string words) =>
        Condition(resource, "Ready")!.Value.Message.Contains(words, StringComparison.Ordinal);
}

using System.Text.Json.Nodes;
using static Reconciler.Operator.Tests.OperatorScene;
using static Reconciler.Operator.Tests.Vendors.DescribedVendor;

namespace Reconciler.Operator.Tests.Vendors;

/// <summary>
/// VendorDefinitions as resources, on a real API server and under the chart's role: what an operator does with them,
/// and what becomes of the projects of a vendor whose definition comes, changes, breaks and goes.
/// </summary>
[Collection(DescribedApiServer.Operators)]
public sealed class OperatorVendorTests(DescribedApiServer described)
{
    [Fact]
    public async Task A_definition_makes_its_AccessProviders_usable_and_nobody_is_removed_when_it_goes()
    {
        var name = NewName();
        await using var scene = await SetAsync(name);
        scene.Start(With);
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com"));

        var missing = await scene.UntilAsync(r => Is(r, "False", "ReferenceNotFound"));
        // Definitions of other tests may stand among the vendors that are named.
        Assert.Matches(
            $"spec\\.type: is \"{name}\", and there is no such VendorDefinition; "
                + "expected one of .*clarifeye, confident-ai",
            Condition(missing, "Ready")!.Value.Message
        );
        Assert.Empty(scene.Sandbox.Requests);

        await scene.ApplyAsync(Definition(name));
        var accepted = await scene.UntilAsync("VendorDefinition", name, r => Is(r, "True", "Accepted"));
        Assert.StartsWith("sha256:", (string?)accepted["status"]!["digest"], StringComparison.Ordinal);
        await scene.UntilAsync(IsConverged);
        await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "True", "Reachable"));
        string[] people = [Bot, "ana@example.com (invited)"];
        Assert.Equal(people.Order(StringComparer.Ordinal), scene.People(Vendor));

        await scene.KubectlAsync("delete", "vendordefinition", name);
        await scene.UntilAsync(r => Is(r, "False", "ReferenceNotFound") && Condition(r, "Stalled") is not null);
        await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "False", "Invalid"));
        scene.Sandbox.ForgetRequests();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  prune: owned"));
        await scene.UntilAsync(r =>
            Is(r, "False", "ReferenceNotFound")
            && (long?)r["status"]!["observedGeneration"] == (long?)r["metadata"]!["generation"]
        );
        Assert.Equal(people.Order(StringComparer.Ordinal), scene.People(Vendor));
        Assert.Empty(scene.Sandbox.Requests);

        await scene.ApplyAsync(Definition(name));
        await scene.UntilAsync(r => IsConverged(r) && scene.People(Vendor) is [Bot]);
    }

    [Fact]
    public async Task A_wrong_definition_tells_every_problem_with_its_field_and_stops_its_projects()
    {
        var name = NewName();
        await using var scene = await SetAsync(name);
        await scene.ApplyAsync(
            Definition(name)
                .Replace("    createdAt: /created_at\n", "    createdAt: created_at\n", StringComparison.Ordinal)
                .Replace("emails: \"{emails}\"", "emails: \"{email.all}\"", StringComparison.Ordinal)
                .Replace("  notes:\n", "  remarks: none\n  notes:\n", StringComparison.Ordinal),
            OperatorScene.Membership(Vendor, "", "ana@example.com")
        );
        scene.Start(With);

        var wrong = await scene.UntilAsync("VendorDefinition", name, r => Is(r, "False", "Invalid"));
        var message = Condition(wrong, "Ready")!.Value.Message;
        foreach (var field in (string[])["spec.invitations.createdAt: ", "spec.calls.invite.body", "spec.remarks: "])
            Assert.Contains(field, message, StringComparison.Ordinal);
        Assert.NotNull(Condition(wrong, "Stalled"));
        Assert.Null(wrong["status"]!["digest"]);
        var stalled = await scene.UntilAsync(r => Is(r, "False", "Invalid"));
        Assert.Contains(
            $"whose VendorDefinition cannot be used; kubectl describe vendordefinition {name} shows its problems",
            Condition(stalled, "Ready")!.Value.Message,
            StringComparison.Ordinal
        );
        await scene.UntilAsync(async () =>
            (await scene.EventsAsync(name, "kube-system")).Exists(e =>
                e.Reason == "Invalid" && e.Note.Contains("spec.remarks", StringComparison.Ordinal)
            )
        );
        Assert.Empty(scene.Sandbox.Requests);

        await scene.ApplyAsync(Definition(name));
        await scene.UntilAsync(IsConverged);
        await scene.UntilAsync(async () =>
            (await scene.EventsAsync(name, "kube-system")).Exists(e => e.Reason == "Accepted")
        );
    }

    [Fact]
    public async Task A_changed_definition_is_used_at_once_and_one_that_breaks_stops_its_projects_alone()
    {
        var name = NewName();
        await using var scene = await SetAsync(name);
        await scene.ApplyAsync(
            Definition(name).Replace("{project}/members\n", "{project}/people\n", StringComparison.Ordinal),
            scene
                .Provider(Vendor)
                .Replace("metadata: {name: vendor}", "metadata: {name: own}", StringComparison.Ordinal),
            OperatorScene.Membership(Vendor, "  dryRun: true", "ana@example.com")
        );
        scene.Start(With);
        await scene.UntilAsync("VendorDefinition", name, r => Is(r, "True", "Accepted"));
        await scene.UntilAsync(r =>
            Condition(r, "Ready") is { Status: "False", Reason: not "Progressing" }
            && scene.Sandbox.Requests.Any(q => q.Target.Contains("/people", StringComparison.Ordinal))
        );

        await scene.ApplyAsync(Definition(name));
        var first = await scene.UntilAsync(r => Is(r, "True", "DryRun"));
        var plan = (string)first["status"]!["plan"]!["digest"]!;

        // Another note changes no request, and yet it is another definition: the plan has another digest.
        await scene.ApplyAsync(
            Definition(name).Replace("    remove: Confident AI", "    remove: The vendor", StringComparison.Ordinal)
        );
        await scene.UntilAsync(r => Is(r, "True", "DryRun") && (string?)r["status"]!["plan"]!["digest"] != plan);

        await scene.ApplyAsync(
            Definition(name).Replace("emails: \"{emails}\"", "emails: \"{all}\"", StringComparison.Ordinal)
        );
        await scene.UntilAsync("VendorDefinition", name, r => Is(r, "False", "Invalid"));
        await scene.UntilAsync(r => Is(r, "False", "Invalid"));
        // The program's own provider for the same vendor does not notice.
        await scene.UntilAsync(
            "AccessProvider",
            "own",
            r => Condition(r, "Ready") is { Reason: "NotUsed", Status: "True" }
        );
    }

    [Fact]
    public async Task A_definition_with_a_name_of_the_program_is_refused_unless_the_operator_lets_it_replace()
    {
        await using var scene = await OperatorScene.SetDescribedAsync(described.Server, Vendor);
        await scene.ApplyAsync(
            scene.Provider(Vendor),
            Definition(Vendor.Type),
            OperatorScene.Membership(Vendor, "", "ana@example.com")
        );
        try
        {
            var careful = scene.Start(With);
            var refused = await scene.UntilAsync("VendorDefinition", Vendor.Type, r => Is(r, "False", "NameTaken"));
            Assert.StartsWith(
                "metadata.name: is confident-ai, which the program knows by itself; expected another name",
                Condition(refused, "Ready")!.Value.Message,
                StringComparison.Ordinal
            );
            // The program's own provider serves meanwhile.
            await scene.UntilAsync(IsConverged);
            await scene.StopAsync(careful);

            scene.Start(s => With(s) with { OverriddenVendors = [Vendor.Type] });
            await scene.UntilAsync("VendorDefinition", Vendor.Type, r => Is(r, "True", "Accepted"));
            await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com", "ben@example.com"));
            // The definition has fewer words for an administrator, which somebody has to approve once.
            var held = await scene.UntilAsync(r => Is(r, "False", "Held"));
            Assert.Contains(
                "before role: Manager, role: Owner; now role: Manager.",
                Condition(held, "Ready")!.Value.Message,
                StringComparison.Ordinal
            );
            await scene.ApplyAsync(Approval((string)held["status"]!["plan"]!["hold"]!));
            await scene.UntilAsync(r => IsConverged(r) && scene.People(Vendor).Count == 3);

            // What is to be replaced is never served by the program instead.
            await scene.KubectlAsync("delete", "vendordefinition", Vendor.Type);
            await scene.UntilAsync(r => Is(r, "False", "ReferenceNotFound"));
        }
        finally
        {
            await scene.KubectlAsync("delete", "vendordefinition", Vendor.Type, "--ignore-not-found");
        }
    }

    [Fact]
    public async Task Another_replica_and_a_restart_find_the_definition_and_write_nothing_of_it_again()
    {
        var name = NewName();
        await using var scene = await SetAsync(name);
        await scene.ApplyAsync(Definition(name), OperatorScene.Membership(Vendor, "", "ana@example.com"));
        var first = scene.Start(With);
        await scene.UntilAsync(IsConverged);
        var written = await scene.UntilAsync("VendorDefinition", name, r => Is(r, "True", "Accepted"));
        scene.Start(With);
        await scene.UntilLoggedAsync("waits for the lease");

        await scene.StopAsync(first);
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com", "ben@example.com"));
        await scene.UntilAsync(r => IsConverged(r) && scene.People(Vendor).Count == 3);

        var now = await scene.FindAsync("VendorDefinition", name);
        Assert.Equal(Version(written), Version(now!));
        Assert.Single(await scene.EventsAsync(name, "kube-system"), e => e.Reason == "Accepted");
        Assert.Equal(1, scene.Sandbox.Connection(Vendor.Connection).MailsTo("ana@example.com"));
    }

    [Fact]
    public async Task A_status_that_somebody_took_away_is_written_again()
    {
        var name = NewName();
        await using var scene = await SetAsync(name);
        await scene.ApplyAsync(Definition(name));
        scene.Start(With);
        await scene.UntilAsync("VendorDefinition", name, r => Is(r, "True", "Accepted"));

        await scene.WipeStatusAsync("VendorDefinition", name);

        await scene.UntilAsync("VendorDefinition", name, r => Is(r, "True", "Accepted"));
    }

    [Fact]
    public async Task An_operator_without_the_switch_reads_no_definition()
    {
        var name = NewName();
        await using var scene = await SetAsync(name);
        await scene.ApplyAsync(Definition(name), OperatorScene.Membership(Vendor, "", "ana@example.com"));
        scene.Start();

        var stalled = await scene.UntilAsync(r => Is(r, "False", "Invalid"));

        Assert.Contains(
            $"spec.type: is \"{name}\"; expected one of clarifeye",
            Condition(stalled, "Ready")!.Value.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(-1, (long?)(await scene.FindAsync("VendorDefinition", name))!["status"]!["observedGeneration"]);
    }

    private static string Approval(string hold) =>
        $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: Approval
            metadata: {name: other-words}
            spec: {hold: "{{hold}}", reason: the definition was read}
            """;

    private static string? Version(JsonObject resource) => (string?)resource["metadata"]!["resourceVersion"];

    private Task<OperatorScene> SetAsync(string name) => DescribedVendor.SetAsync(described.Server, name);
}

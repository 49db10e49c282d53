using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Reconciler.Sandbox.Faults;
using static Reconciler.Operator.Tests.OperatorScene;
using static Reconciler.Operator.Tests.Vendors.DescribedVendor;

namespace Reconciler.Operator.Tests.Vendors;

/// <summary>
/// Whatever becomes of a VendorDefinition, nobody is removed and nobody gets a mail for it, and what was written names
/// the definition that it was written under.
/// </summary>
[Collection(DescribedApiServer.Operators)]
public sealed class VendorSafetyTests(DescribedApiServer described)
{
    private const string Revoke = "  prune: owned\n  deletionPolicy: revoke";

    [Fact]
    public async Task A_vendor_that_gets_another_name_loses_nobody_and_mails_nobody_again()
    {
        var (old, @new) = (NewName(), NewName());
        await using var scene = await SetAsync(described.Server, old);
        await scene.ApplyAsync(Definition(old), Definition(@new), ProviderOf(scene, @new, "renamed"));
        scene.Start(With);
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, Revoke, "ana@example.com"));
        await scene.UntilAsync(IsConverged);
        string[] people = [Bot, "ana@example.com (invited)"];
        Assert.Equal(people.Order(StringComparer.Ordinal), scene.People(Vendor));

        // Both names lead to the same project for a while, as while names are changed step by step.
        var renamed = OperatorScene
            .Membership(Vendor, Revoke, "ana@example.com", "ben@example.com")
            .Replace("provider: vendor", "provider: renamed", StringComparison.Ordinal);
        await scene.ApplyAsync(renamed);
        await scene.UntilAsync(r => IsConverged(r) && scene.People(Vendor).Count == 3);
        await scene.ApplyAsync(renamed.Replace("ben@", "eve@", StringComparison.Ordinal));
        await scene.UntilAsync(r => IsConverged(r) && scene.People(Vendor).Contains("eve@example.com (invited)"));

        Assert.Contains("ana@example.com (invited)", scene.People(Vendor));
        Assert.Equal(1, scene.Sandbox.Connection(Vendor.Connection).MailsTo("ana@example.com"));
        Assert.DoesNotContain(scene.Logs, l => l.Contains("revoke ana@example.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_AccessProvider_whose_type_gets_another_name_goes_on_and_its_membership_can_be_deleted()
    {
        var (old, @new) = (NewName(), NewName());
        await using var scene = await SetAsync(described.Server, old);
        await scene.ApplyAsync(
            Definition(old),
            Definition(@new),
            OperatorScene.Membership(Vendor, Revoke, "ana@example.com")
        );
        scene.Start(With);
        await scene.UntilAsync(IsConverged);

        await scene.ApplyAsync(ProviderOf(scene, @new));
        await scene.UntilAsync(r =>
            IsConverged(r) && (string?)r["status"]!["project"]!["type"] == @new && r["status"]!["former"] is null
        );
        await scene.KubectlAsync("delete", "vd", old);
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, Revoke, "ana@example.com", "ben@example.com"));
        await scene.UntilAsync(r => IsConverged(r) && scene.People(Vendor).Count == 3);
        Assert.Equal(1, scene.Sandbox.Connection(Vendor.Connection).MailsTo("ana@example.com"));

        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        await scene.GoneAsync();
        Assert.Equal([Bot], scene.People(Vendor));
    }

    [Fact]
    public async Task A_deleted_membership_takes_nobody_out_of_a_project_that_another_name_of_the_vendor_declares()
    {
        var (old, @new) = (NewName(), NewName());
        await using var scene = await SetAsync(described.Server, old);
        await scene.ApplyAsync(Definition(old), Definition(@new), ProviderOf(scene, @new, "renamed"));
        scene.Start(With);
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, Revoke, "ana@example.com"));
        await scene.UntilAsync(IsConverged);
        await scene.ApplyAsync(
            OperatorScene
                .Membership("other", Vendor, Vendor.ProjectId, "", "ana@example.com")
                .Replace("provider: vendor", "provider: renamed", StringComparison.Ordinal)
        );
        await scene.UntilAsync(IsConverged, "other");

        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        var stuck = await scene.UntilAsync(r => Condition(r, "Stalled") is { Reason: "CannotRevoke" });

        var message = Condition(stuck, "Ready")!.Value.Message;
        Assert.StartsWith(
            "ProjectMembership other declares its project too, with another type of AccessProvider: "
                + "delete that one first, or leave everybody in with: kubectl patch",
            message,
            StringComparison.Ordinal
        );
        await scene.RunAdviceAsync(message);
        await scene.GoneAsync();
        Assert.Equal(["ana@example.com (invited)", Bot], scene.People(Vendor));
    }

    [Theory]
    [InlineData(true, "cannot be used, and kubectl describe vendordefinition {0} shows its problems: correct it")]
    [InlineData(false, "is gone: create it again")]
    public async Task A_deletion_waits_for_its_definition_and_says_so(bool isThere, string says)
    {
        var name = NewName();
        await using var scene = await SetAsync(described.Server, name);
        await scene.ApplyAsync(Definition(name), OperatorScene.Membership(Vendor, Revoke, "ana@example.com"));
        scene.Start(With);
        await scene.UntilAsync(IsConverged);

        if (isThere)
            await scene.ApplyAsync(
                Definition(name).Replace("emails: \"{emails}\"", "emails: \"{all}\"", StringComparison.Ordinal)
            );
        else
            await scene.KubectlAsync("delete", "vd", name);
        await scene.UntilAsync(r => Condition(r, "Stalled") is not null);
        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        var stuck = await scene.UntilAsync(r => Condition(r, "Stalled") is { Reason: "CannotRevoke" });

        Assert.StartsWith(
            $"the VendorDefinition {name} of its vendor {string.Format(null, says, name)}, "
                + "or leave everybody in with: kubectl patch",
            Condition(stuck, "Ready")!.Value.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["ana@example.com (invited)", Bot], scene.People(Vendor));

        await scene.ApplyAsync(Definition(name));
        await scene.GoneAsync();
        Assert.Equal([Bot], scene.People(Vendor));
    }

    [Fact]
    public async Task The_audit_trail_and_the_ledger_name_the_definition_that_a_write_is_sent_under()
    {
        var name = NewName();
        await using var scene = await SetAsync(described.Server, name);
        scene.Sandbox.Inject(Fault.Latency(TimeSpan.FromSeconds(2)));
        await scene.ApplyAsync(Definition(name), OperatorScene.Membership(Vendor, "", "ana@example.com"));
        scene.Start(With);
        var digest = (string)
            (await scene.UntilAsync("VendorDefinition", name, r => Is(r, "True", "Accepted")))["status"]!["digest"]!;

        var sending = await scene.UntilAsync(r => (int?)r["status"]?["ledger"]?["inFlight"] > 0);
        Assert.All(IntentsOf(sending), i => Assert.Equal(digest, (string?)i!["definition"]));
        scene.Sandbox.ClearFaults();
        await scene.UntilAsync(IsConverged);

        var audited = scene.Logs.Where(l => l.Contains("audit: ", StringComparison.Ordinal)).ToList();
        Assert.Contains(audited, l => l.Contains("ana@example.com", StringComparison.Ordinal));
        Assert.All(audited, l => Assert.Contains($"definition {digest}", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_is_wrong_stops_no_other_and_is_counted()
    {
        var (wrong, name) = (NewName(), NewName());
        await using var scene = await SetAsync(described.Server, name);
        await scene.ApplyAsync(
            Definition(wrong).Replace("  notes:\n", "  remarks: none\n  notes:\n", StringComparison.Ordinal),
            Definition(name),
            OperatorScene.Membership(Vendor, "", "ana@example.com")
        );
        var host = scene.Start(With);

        await scene.UntilAsync("VendorDefinition", wrong, r => Is(r, "False", "Invalid"));
        await scene.UntilAsync(IsConverged);

        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri($"{host.Url}/metrics"), TestContext.Current.CancellationToken);
        Assert.Matches("reconciler_vendor_definitions\\{[^}]*ready=\"true\"[^}]*\\} [1-9]", metrics);
        Assert.Matches("reconciler_vendor_definitions\\{[^}]*ready=\"false\"[^}]*\\} [1-9]", metrics);
        await scene.KubectlAsync("delete", "vd", wrong);
    }

    private static JsonArray IntentsOf(JsonObject membership)
    {
        var packed = Convert.FromBase64String((string)membership["status"]!["ledger"]!["intents"]!);
        using var plain = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var text = new StreamReader(plain, Encoding.UTF8);
        return (JsonArray)JsonNode.Parse(text.ReadToEnd())!;
    }
}

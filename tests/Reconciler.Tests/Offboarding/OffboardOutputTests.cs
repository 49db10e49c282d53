using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests;

/// <summary>What <c>offboard</c> prints: steps for a human, JSON, and masked addresses.</summary>
public sealed class OffboardOutputTests : OffboardScene
{
    [Fact]
    public async Task What_the_vendor_leaves_to_a_human_is_listed_and_is_no_failure()
    {
        await using var server = await StartAsync(
            more:
            [
                new("owned", "confident-ai-eu")
                {
                    Name = "Owned",
                    Members =
                    [
                        new(Dave, SandboxAccess.Role("Owner")),
                        new("ana@example.com", SandboxAccess.Role("Manager")),
                    ],
                },
                new("c3125c2a-8b78-4d4f-a3c4-7367d6b7cca8", "equinix-metal")
                {
                    Name = "Shared",
                    Members = [Member("ana@example.com")],
                    Invitations = [new(Dave, SandboxAccess.Roles("collaborator")) { AlsoProjects = [MetalShadow] }],
                },
            ]
        );
        await WriteAsync();
        var (code, said) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains(
            "confident-ai-eu: Owned: dave@example.com is the vendor's Owner, so nothing is taken away",
            said,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "equinix-metal: Shadow, Shared: dave@example.com offboarding dave@example.com; "
                + "the invitation names other projects too, so it is not revoked: revoke it by hand",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal(
            [$"confident-ai-eu owned {Dave}", $"equinix-metal {MetalShadow} invited {Dave}"],
            Left(server),
            StringComparer.OrdinalIgnoreCase
        );
    }

    [Fact]
    public async Task The_plan_and_its_outcome_are_one_JSON_document()
    {
        await using var server = await StartAsync();
        await WriteAsync();
        var planned = await JsonAsync(server, ExitCode.Done, "offboard", Dave, "--format", "json");
        Assert.Equal("planned", planned.GetProperty("state").GetString());
        Assert.Equal(0, server.NonGetCount);
        Assert.Equal(
            (5, 1),
            (
                planned.GetProperty("summary").GetProperty("remove").GetInt32(),
                planned.GetProperty("summary").GetProperty("revoke").GetInt32()
            )
        );
        Assert.Equal(["default/dave"], planned.GetProperty("persons").EnumerateArray().Select(p => p.GetString()));

        var applied = await JsonAsync(server, ExitCode.Done, "offboard", Dave, "--format", "json", "--yes");
        Assert.Equal("applied", applied.GetProperty("state").GetString());
        Assert.Equal(
            Enumerable.Repeat("done", 6),
            applied.GetProperty("outcomes").EnumerateArray().Select(o => o.GetProperty("outcome").GetString())
        );

        await WriteAsync(member: "{person: dave, access: {permissions: [CAN_VIEW_DATA]}}");
        var declared = await JsonAsync(server, ExitCode.Held, "offboard", Dave, "--format", "json", "--yes");
        Assert.Equal(
            ("declared", "default/fraud"),
            (declared.GetProperty("state").GetString(), declared.GetProperty("stillDeclared")[0].GetString())
        );
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Nothing_that_is_printed_has_an_address_where_addresses_are_masked(string format)
    {
        await using var server = await StartAsync(shadow: []);
        await WriteAsync(member: "{person: dave, access: {permissions: [CAN_VIEW_DATA]}}");
        string[] masked = ["--format", format, "--mask-emails", "-vv"];
        Assert.Contains('@', (await RunAsync(server, null, "offboard", Old, "--dry-run", "--format", format)).Said);
        var (declared, refused) = await RunAsync(server, null, ["offboard", Old, .. masked]);
        Assert.Equal(ExitCode.Held, declared);
        Assert.DoesNotContain('@', refused);

        await WriteAsync();
        server.Inject(
            Fault.Answer(
                400,
                """{"errors":["ask chief@vendor.example"],"error":"ask chief@vendor.example","success":false}"""
            ) with
            {
                Method = "DELETE",
                Times = null,
            }
        );
        var (code, said) = await RunAsync(server, null, ["offboard", Old, "--yes", .. masked]);
        Assert.NotEqual(ExitCode.Done, code);
        Assert.DoesNotContain('@', said);
        Assert.DoesNotContain("chief", said, StringComparison.Ordinal);
        Assert.Contains("d…(at)e…#1", said, StringComparison.Ordinal);
        Assert.Contains("no accepted member would be left", said, StringComparison.Ordinal);
        if (format == "text")
            Assert.Contains(
                " --mask-emails",
                said[said.IndexOf("reconciler offboard d…(at)e…#1", StringComparison.Ordinal)..].Split('\n')[0],
                StringComparison.Ordinal
            );
    }
}

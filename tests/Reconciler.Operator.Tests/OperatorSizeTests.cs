using System.Text.Json.Nodes;
using Reconciler.Operator.Status;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>
/// Memberships whose people would not fit into the status of a resource, though there are fewer than the most it may
/// name.
/// </summary>
public sealed class OperatorSizeTests(KubeApiServer server)
{
    private static readonly VendorRow Vendor = VendorRows.Of("clarifeye");

    [Theory]
    [InlineData(40)]
    [InlineData(100)]
    public async Task Status_too_large_for_4999_members_is_refused_before_anybody_is_mailed(int characters)
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.CreateAsync(Membership(StatusSize.MostPeople - 2, characters));
        var refused = await scene.UntilAsync(r => Condition(r, "Stalled") is not null);

        var (_, reason, message) = Condition(refused, "Ready")!.Value;
        Assert.Equal("TooManyMembers", reason);
        Assert.Matches(
            @"would need \d\.\d\d MB, and an object of a cluster holds 1\.5 MB: .* to remember 499\d people",
            message
        );
        Assert.Equal([Bot], scene.People(Vendor));
        await scene.UntilEventAsync(e => (string?)e["reason"] == "TooManyMembers");
    }

    private static JsonObject Membership(int people, int characters) =>
        new()
        {
            ["apiVersion"] = "reconciler.dev/v1alpha1",
            ["kind"] = "ProjectMembership",
            ["metadata"] = new JsonObject { ["name"] = "fraud" },
            ["spec"] = new JsonObject
            {
                ["provider"] = "vendor",
                ["projectId"] = Vendor.ProjectId,
                ["members"] = new JsonArray([
                    .. Enumerable.Range(0, people).Select(i => Member(Address(i, characters))),
                    Member(Bot),
                ]),
            },
        };

    // The part before the @ may have 64 characters at most, so the remaining length goes into the domain.
    private static string Address(int number, int characters)
    {
        var rest = characters - "@example.com".Length;
        var local = $"p{number}".PadRight(Math.Min(rest, 64), 'x');
        var label = rest > local.Length ? new string('x', rest - local.Length - 1) + "." : "";
        return $"{local}@{label}example.com";
    }

    private static JsonObject Member(string email) =>
        new()
        {
            ["email"] = email,
            ["access"] = new JsonObject
            {
                ["permissions"] = new JsonArray("CAN_VIEW_DATA", "CAN_RUN_TASKS", "CAN_PERFORM_ADMIN_ACTIONS"),
            },
        };
}

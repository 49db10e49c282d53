using System.Reflection;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Testing.Contract;

namespace Reconciler.Core.Tests;

public sealed class DesiredChangeTests
{
    private static readonly PersonIdentity Ana = new("ana@example.com", null);
    private static readonly DesiredProject Project = new(
        "default/p",
        ProviderAt("https://one.example/api"),
        "00000000-0000-0000-0000-000000000001",
        []
    );

    // One change of each field; where a field is added, the last test asks for its change here.
    private static readonly Dictionary<string, DesiredProject> Changed = new(StringComparer.Ordinal)
    {
        ["Id"] = Project with { Id = "default/q" },
        ["Provider"] = Project with { Provider = ProviderAt("https://two.example/api") },
        ["ProjectId"] = Project with { ProjectId = "00000000-0000-0000-0000-000000000002" },
        ["Members"] = Project with { Members = [new(Ana, new(Access.None, []), [])] },
        ["Removals"] = Project with { Removals = [new(Ana, "departed", Position.None)] },
        ["Prune"] = Project with { Prune = PrunePolicy.All },
        ["DeletionPolicy"] = Project with { DeletionPolicy = DeletionPolicy.Revoke },
        ["Invitations"] = Project with { Invitations = InvitationPolicy.Default with { MaxResends = 9 } },
        ["Limits"] = Project with { Limits = Limits.None },
        ["DeclaredLimits"] = Project with { DeclaredLimits = Limits.BuiltIn },
        ["Labels"] = Project with { Labels = DesiredProject.NoLabels.Add("tier", "prod") },
        ["Interval"] = Project with { Interval = TimeSpan.FromHours(7) },
        ["Suspended"] = Project with { Suspended = true },
        ["DryRun"] = Project with { DryRun = true },
        ["AllowOwnerTransfer"] = Project with { AllowOwnerTransfer = true },
        ["Approval"] = Project with { Approval = "sha256:1" },
        ["IsDeleted"] = Project with { IsDeleted = true },
    };

    [Fact]
    public void The_same_wish_at_another_line_is_no_change() =>
        Assert.True(
            DesiredChange.IsNone(
                Project,
                Project with
                {
                    Declared = new Position("people.yaml", 9, 1),
                    Scope = "another",
                }
            )
        );

    [Fact]
    public void Whatever_else_is_asked_for_is_a_change() =>
        Assert.All(Changed, c => Assert.False(DesiredChange.IsNone(Project, c.Value), $"{c.Key} changed"));

    [Fact]
    public void Another_definition_of_the_vendor_is_a_change()
    {
        var vendor = ProgramVendors.Of("redmine");

        Assert.True(DesiredChange.IsNone(Under(vendor), Under(vendor with { Name = vendor.Name })));
        Assert.False(
            DesiredChange.IsNone(
                Under(vendor),
                Under(vendor with { Description = vendor.Description! with { Digest = "sha256:another" } })
            )
        );

        static DesiredProject Under(Vendor vendor) =>
            Project with
            {
                Provider = Project.Provider with { Vendor = vendor },
            };
    }

    [Fact]
    public void No_field_is_forgotten()
    {
        // These four fields change nothing that is desired: the places of lines, what was read, the restriction of
        // offboarding, and the runner, whose part shows in the limits.
        string[] apart = ["Declared", "Scope", "OnlyRemovals", "Runner"];
        var fields = typeof(DesiredProject)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite)
            .Select(p => p.Name);
        Assert.Equal(
            fields.Except(apart, StringComparer.Ordinal).Order(StringComparer.Ordinal),
            Changed.Keys.Order(StringComparer.Ordinal)
        );
    }

    private static DesiredProvider ProviderAt(string url) =>
        new(
            "default/one",
            ProgramVendors.Of("clarifeye"),
            new(url),
            new()
            {
                Type = "clarifeye",
                BaseUrl = url,
                Credentials = new() { Token = new() },
            }
        );
}

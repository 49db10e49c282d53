using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Manifests.Loading;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>Which remembered projects count as deleted, and what becomes of them.</summary>
public sealed class DeletedProjectsTests
{
    private const string Account = "https://api.acme.example/v1/";

    [Fact]
    public void A_project_that_no_document_declares_is_revoked_or_orphaned_as_it_said()
    {
        var deleted = Find(Remembered("p-2", DeletionPolicy.Revoke), Remembered("p-3", DeletionPolicy.Orphan));
        Assert.Equal("p-2", Assert.Single(deleted.Revoked).ProjectId);
        Assert.True(deleted.Revoked[0] is { IsDeleted: true, Prune: PrunePolicy.Owned, Members.IsEmpty: true });
        Assert.Equal("p-3", Assert.Single(deleted.Orphaned).Key.ProjectId);
    }

    [Fact]
    public void A_renamed_document_is_no_deletion() =>
        Assert.Empty(Find(Remembered("p-1", DeletionPolicy.Revoke, document: "default/old-name")).Revoked);

    [Fact]
    public void What_was_not_read_again_is_not_deleted()
    {
        var deleted = Find(
            [Remembered("p-2", DeletionPolicy.Revoke), Remembered("p-3", DeletionPolicy.Orphan)],
            isReadAgain: false
        );
        Assert.Empty(deleted.Revoked);
        Assert.Empty(deleted.Orphaned);
    }

    [Fact]
    public void An_account_that_nothing_leads_to_any_more_keeps_what_is_remembered_of_it()
    {
        var deleted = Find(
            Remembered("p-2", DeletionPolicy.Orphan, "https://old.acme.example/v1"),
            Remembered("p-3", DeletionPolicy.Revoke, "https://old.acme.example/v1")
        );
        Assert.Empty(deleted.Orphaned);
        Assert.Empty(deleted.Revoked);
        Assert.Equal("p-3", Assert.Single(deleted.Unreachable).Key.ProjectId);
    }

    [Fact]
    public void The_limits_last_applied_judge_the_deletion_with_those_of_the_runner()
    {
        var limits = Limits.None with { MinAdmins = [new("the Guardrail gone", 2)] };
        var deleted = DeletedProjects.Find(
            [Remembered("p-2", DeletionPolicy.Revoke, limits: limits)],
            StateBy(new(TestVendors.All, World.Now) { MaxRemovals = 3 }),
            _ => true
        );
        Assert.Equal(2, deleted.Revoked[0].Limits.MinAdmins[0].Count);
        Assert.Equal(3, Assert.Single(deleted.Revoked[0].Limits.ProviderRemovals).Count);
    }

    [Fact]
    public void What_was_not_read_again_is_not_judged_and_told_where_somebody_would_lose_access()
    {
        StoredLedger[] remembered =
        [
            Remembered("p-2", DeletionPolicy.Revoke),
            Remembered("p-3", DeletionPolicy.Orphan),
            Remembered("p-1", DeletionPolicy.Revoke),
        ];
        Assert.Equal("p-2", Assert.Single(Find(remembered, isReadAgain: false).NotJudged).Key.ProjectId);
        Assert.Empty(Find(remembered, isReadAgain: true).NotJudged);
    }

    [Theory]
    [InlineData("p-1", false)]
    [InlineData("P-1", false)]
    [InlineData("p-2", true)]
    public void A_project_that_is_declared_by_another_name_of_its_vendor_is_not_deleted(string project, bool isDeleted)
    {
        // A definition was renamed, and both names lead to the account for a while.
        var old = Resolved.Provider.Replace("acme}", "old}", StringComparison.Ordinal);
        var rules = new RunnerRules([.. TestVendors.All, TestVendors.Acme with { Type = "acme-old" }], World.Now);
        var state = StateBy(rules, old.Replace("type: acme,", "type: acme-old,", StringComparison.Ordinal));
        Assert.Equal(2, state.Connections.Length);
        var remembered = Remembered(project, DeletionPolicy.Revoke);

        var deleted = DeletedProjects.Find(
            [remembered with { Key = remembered.Key with { VendorType = "acme-old" } }],
            state,
            _ => true
        );

        Assert.Equal(isDeleted ? [project] : [], deleted.Revoked.Select(r => r.ProjectId));
        Assert.Equal(isDeleted ? [] : [project], deleted.Renamed.Select(r => r.Key.ProjectId));
        Assert.Empty(deleted.Unreachable);
    }

    [Fact]
    public void A_group_and_a_project_of_one_number_are_two()
    {
        var state = Resolved
            .From(
                _ => new(VendorCatalogue.Beside([]), World.Now),
                Connection("gitlab-project"),
                Connection("gitlab-group"),
                """
                kind: ProjectMembership
                metadata: {name: demo}
                spec: {provider: gitlab-project, projectId: "42", members: [{login: ana, access: {level: guest}}]}
                """
            )
            .State;
        var remembered = Remembered("42", DeletionPolicy.Revoke, "https://gitlab.com/api/v4/");

        var deleted = DeletedProjects.Find(
            [remembered with { Key = remembered.Key with { VendorType = "gitlab-group" } }],
            state,
            _ => true
        );

        Assert.Empty(deleted.Renamed);
        Assert.Equal("gitlab-group", Assert.Single(deleted.Revoked).Provider.Name);
    }

    private static string Connection(string type) =>
        $$$"""
            kind: AccessProvider
            metadata: {name: {{{type}}}}
            spec: {type: {{{type}}}, baseUrl: https://gitlab.com/api/v4, credentials: {token: {env: RECONCILER_T} } }
            """;

    [Fact]
    public void Ids_that_differ_in_case_are_two_projects_of_one_vendor() =>
        Assert.Equal("P-1", Assert.Single(Find(Remembered("P-1", DeletionPolicy.Revoke)).Revoked).ProjectId);

    private static DesiredState State => StateBy(new(TestVendors.All, World.Now));

    private static DesiredState StateBy(RunnerRules rules, params IEnumerable<string> more) =>
        Resolved
            .From(
                _ => rules,
                [
                    .. more,
                    Resolved.Provider,
                    """
                    kind: ProjectMembership
                    metadata: {name: demo}
                    spec:
                      provider: acme
                      projectId: p-1
                      members: [{email: ana@x.example, access: {permissions: [admin]}}]
                    """,
                ]
            )
            .State;

    private static DeletedProjects Find(params StoredLedger[] remembered) => Find(remembered, isReadAgain: true);

    private static DeletedProjects Find(StoredLedger[] remembered, bool isReadAgain) =>
        DeletedProjects.Find([.. remembered], State, _ => isReadAgain);

    private static StoredLedger Remembered(
        string project,
        DeletionPolicy policy,
        string account = Account,
        string document = "default/gone",
        Limits? limits = null
    ) =>
        new(
            new("acme", new Uri(account).AbsoluteUri, project),
            ProjectLedger.Empty with
            {
                Applied = new("scope", document, project, policy, limits ?? Limits.BuiltIn),
            },
            "1"
        );
}

using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>Every problem at once: what is wrong in one place hides nothing that can be told without it.</summary>
public sealed class HiddenProblemTests
{
    private const string Role =
        "kind: AccessRole\nmetadata: {name: reader}\nspec: {access: {acme: {permissions: [read]}}}";
    private const string Domains =
        "kind: Guardrail\nmetadata: {name: g}\nspec: {selector: {}, allowedDomains: [x.example]}";
    private const string Temporary =
        "kind: Guardrail\nmetadata: {name: g}\nspec: {selector: {}, "
        + "temporary: [{access: {acme: {permissions: [admin]}}, max: 90d, requireReason: true}]}";

    /// <summary>A first problem, a second one that must be said beside it, and the documents that have both.</summary>
    public static TheoryData<string, string, string[]> Pairs =>
        new()
        {
            // Behind a connection that may not be used.
            {
                "does not publish",
                "no Team is named \"nobody\"",
                [Provider("https://elsewhere.example"), Members("{team: nobody, access: {permissions: [read]}}")]
            },
            {
                "does not publish",
                "no AccessRole is named \"nothing\"",
                [Provider("https://elsewhere.example"), Members("{email: a@x.example, role: nothing}")]
            },
            {
                "does not publish",
                "is \"fly\"; expected one of read, write, admin",
                [Provider("https://elsewhere.example"), Members("{email: a@x.example, access: {permissions: [fly]}}")]
            },
            {
                "does not publish",
                "is outside the domains",
                [
                    Provider("https://elsewhere.example"),
                    Members("{email: a@y.example, access: {permissions: [read]}}"),
                    Domains,
                ]
            },
            {
                "does not publish",
                "is \"a/b\"; expected an id",
                [Provider("https://elsewhere.example"), Membership("projectId: a/b")]
            },
            {
                "does not publish",
                "declares the project p",
                [Provider("https://elsewhere.example"), Membership("projectId: p"), Membership("projectId: p", "other")]
            },
            { "unencrypted", "which Acme does not publish", [Provider("http://elsewhere.example")] },
            {
                "unencrypted",
                "no Person is named \"nobody\"",
                [Provider("http://api.acme.example"), Members("{person: nobody, access: {permissions: [read]}}")]
            },
            {
                "without user, query and fragment",
                "no Team is named \"nobody\"",
                [Provider("nowhere"), Members("{team: nobody, access: {permissions: [read]}}")]
            },
            {
                "expected one of acme, hub-repository, solo",
                "no Team is named \"nobody\"",
                [Provider(type: "acmee"), Members("{team: nobody, access: {permissions: [read]}}")]
            },
            {
                "expected one of acme, hub-repository, solo",
                "no AccessRole is named \"nothing\"",
                [Provider(type: "acmee"), Members("{email: a@x.example, role: nothing}")]
            },
            {
                "expected one of acme, hub-repository, solo",
                "is \"nowhere\"; expected a URL",
                [Provider("nowhere", "acmee")]
            },
            {
                "spec.provider: no AccessProvider is named \"gone\"",
                "no Person is named \"nobody\"",
                [Members("{person: nobody, role: reader}", "gone"), Role]
            },
            {
                "spec.credentials: is missing",
                "does not publish",
                [
                    "kind: AccessProvider\nmetadata: {name: acme}\n"
                        + "spec: {type: acme, baseUrl: https://elsewhere.example, actingAs: a@x.example}",
                ]
            },
            {
                "spec.requestsPerSecond: is the number 0",
                "names another variable",
                [Provider(env: "HOME", more: ", requestsPerSecond: 0")]
            },
            {
                "spec.requestsPerSecond: is the number 0",
                "no Team is named \"nobody\"",
                [Provider(more: ", requestsPerSecond: 0"), Members("{team: nobody, access: {permissions: [read]}}")]
            },
            {
                "spec.type: is missing",
                "names another variable",
                [
                    "kind: AccessProvider\nmetadata: {name: acme}\nspec: {baseUrl: https://api.acme.example, "
                        + "actingAs: a@x.example, credentials: {token: {env: HOME}}}",
                ]
            },
            // Within a membership that cannot be used itself.
            {
                "expected an e-mail address",
                "is \"fly\"; expected one of",
                [Resolved.Provider, Members("{email: nobody, access: {permissions: [fly]}}")]
            },
            {
                "expected an e-mail address",
                "no AccessRole is named \"nothing\"",
                [Resolved.Provider, Members("{email: nobody, role: nothing}")]
            },
            {
                "expected an e-mail address",
                "no Team is named \"nobody\"",
                [Resolved.Provider, Members("{email: nobody, role: reader}, {team: nobody, role: reader}"), Role]
            },
            {
                "expected an e-mail address",
                "is outside the domains",
                [
                    Resolved.Provider,
                    Members("{email: nobody, role: reader}, {email: a@y.example, role: reader}"),
                    Role,
                    Domains,
                ]
            },
            {
                "is \"fly\"; expected one of",
                "is outside the domains",
                [Resolved.Provider, Members("{email: a@y.example, access: {permissions: [fly]}}"), Domains]
            },
            {
                "no AccessRole is named \"nothing\"",
                "is outside the domains",
                [Resolved.Provider, Members("{email: a@y.example, role: nothing}"), Domains]
            },
            {
                "spec.prune: is \"alll\"",
                "is \"fly\"; expected one of",
                [
                    Resolved.Provider,
                    Membership("prune: alll, members: [{email: a@x.example, access: {permissions: [fly]}}]"),
                ]
            },
            {
                "spec.prune: is \"alll\"",
                "no AccessProvider is named \"gone\"",
                [Membership("prune: alll", provider: "gone")]
            },
            {
                "spec.prune: is \"alll\"",
                "is \"a/b\"; expected an id",
                [Resolved.Provider, Membership("prune: alll, projectId: a/b")]
            },
            {
                "spec.projectId: is missing",
                "no Team is named \"nobody\"",
                [
                    Resolved.Provider,
                    "kind: ProjectMembership\nmetadata: {name: a}\n"
                        + "spec: {provider: acme, members: [{team: nobody, access: {permissions: [read]}}]}",
                ]
            },
            {
                "spec.provider: is missing",
                "no Team is named \"nobody\"",
                [
                    "kind: ProjectMembership\nmetadata: {name: a}\n"
                        + "spec: {projectId: p, members: [{team: nobody, access: {permissions: [read]}}]}",
                ]
            },
            {
                "role and access given",
                "is \"fly\"; expected one of",
                [Resolved.Provider, Members("{email: a@x.example, role: reader, access: {permissions: [fly]}}"), Role]
            },
            {
                "email and person given",
                "no Person is named \"nobody\"",
                [
                    Resolved.Provider,
                    Members("{email: a@x.example, person: nobody, role: reader}, {person: nobody, role: reader}"),
                    Role,
                ]
            },
            {
                "expiresAt: is \"soon\"",
                "without a reason",
                [
                    Resolved.Provider,
                    Members("{email: a@x.example, access: {permissions: [admin]}, expiresAt: soon}"),
                    Temporary,
                ]
            },
            {
                "unknown field",
                "grants nothing",
                [Resolved.Provider, Members("{email: a@x.example, acces: x, access: {permissions: []}}")]
            },
            {
                "has 10001 entries",
                "is \"fly\"; expected one of",
                [
                    Resolved.Provider,
                    Members(
                        string.Join(
                            ", ",
                            Enumerable.Repeat("{email: a@x.example, access: {permissions: [fly]}}", 10_001)
                        )
                    ),
                ]
            },
            // Within the documents that memberships use.
            {
                "expected an e-mail address",
                "no Person is named \"nobody\"",
                ["kind: Team\nmetadata: {name: t}\nspec: {members: [{email: nobody}, {person: nobody}]}"]
            },
            {
                "expected an e-mail address",
                "the team contains itself",
                [
                    "kind: Team\nmetadata: {name: t}\nspec: {members: [{email: nobody}, {team: t2}]}",
                    "kind: Team\nmetadata: {name: t2}\nspec: {members: [{team: t2}]}",
                ]
            },
            {
                "unknown vendor",
                "is \"fly\"; expected one of",
                ["kind: AccessRole\nmetadata: {name: r}\nspec: {access: {acmee: {}, acme: {permissions: [fly]}}}"]
            },
            {
                "is the text \"x\"; expected a mapping of the vendor",
                "is \"fly\"; expected one of",
                ["kind: AccessRole\nmetadata: {name: r}\nspec: {access: {solo: x, acme: {permissions: [fly]}}}"]
            },
            {
                "expected an e-mail address",
                "b@x.example belongs to the Person a too",
                [
                    "kind: Person\nmetadata: {name: a}\nspec: {email: b@x.example}",
                    "kind: Person\nmetadata: {name: b}\nspec: {email: b@x.example, aliases: [nobody]}",
                ]
            },
            {
                "expected an e-mail address",
                "no AccessProvider is named \"gone\"",
                ["kind: Person\nmetadata: {name: a}\nspec: {email: nobody, userIds: {gone: x}}"]
            },
            {
                "does not publish",
                "is \"a/b\"; expected an id",
                [
                    Provider("https://elsewhere.example"),
                    "kind: Person\nmetadata: {name: a}\nspec: {email: a@x.example, userIds: {acme: a/b}}",
                ]
            },
            {
                "spec.minAdmins: is the number -1",
                "is \"fly\"; expected one of",
                [
                    "kind: Guardrail\nmetadata: {name: g}\n"
                        + "spec: {selector: {}, minAdmins: -1, forbiddenAccess: {acme: {permissions: [fly]}}}",
                ]
            },
            {
                "spec.selector: is missing",
                "stands without percent",
                ["kind: Guardrail\nmetadata: {name: g}\nspec: {maxRemovals: {count: 1, percentFrom: 2}}"]
            },
            // Within documents that are not even known for what they are.
            {
                "apiVersion: is \"reconciler.dev/v1\"",
                "spec.members[0]: none given",
                ["apiVersion: reconciler.dev/v1\nkind: Team\nmetadata: {name: t}\nspec: {members: [{}]}"]
            },
            {
                "apiVersion: is \"reconciler.dev/v1\"",
                "is \"fly\"; expected one of",
                [
                    Resolved.Provider,
                    "apiVersion: reconciler.dev/v1\n" + Members("{email: a@x.example, access: {permissions: [fly]}}"),
                ]
            },
            {
                "apiVersion: is missing",
                "metadata.name: is \"T\"",
                ["# no version\nkind: Team\nmetadata: {name: T}\nspec: {members: []}"]
            },
            {
                "kind: is \"Teem\"",
                "metadata.name: is \"T\"",
                ["kind: Teem\nmetadata: {name: T}\nspec: {members: []}"]
            },
            {
                "metadata.name: is \"T\"",
                "no AccessRole is named \"nothing\"",
                [
                    Resolved.Provider,
                    "kind: Team\nmetadata: {name: T}\nspec: {members: []}",
                    Members("{email: a@x.example, role: nothing}"),
                ]
            },
            {
                "metadata.name: is \"T\"",
                "spec.members[0]: none given",
                ["kind: Team\nmetadata: {name: T}\nspec: {members: [{}]}"]
            },
            {
                "expected an e-mail address",
                "Team default/t is declared twice",
                [
                    "kind: Team\nmetadata: {name: t}\nspec: {members: [{email: nobody}]}",
                    "kind: Team\nmetadata: {name: t}\nspec: {members: []}",
                ]
            },
            {
                "is not YAML",
                "spec.members[0]: none given",
                [
                    "kind: Team\nmetadata: {name: t}\nspec: {members: [}",
                    "kind: Team\nmetadata: {name: u}\nspec: {members: [{}]}",
                ]
            },
            {
                "is not YAML",
                "spec.members[0]: none given",
                [
                    "kind: Team\nspec: {members: [}\n---\napiVersion: reconciler.dev/v1alpha1\nkind: Team\n"
                        + "metadata: {name: u}\nspec: {members: [{}]}",
                ]
            },
        };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void One_problem_does_not_hide_the_other(string first, string second, string[] documents)
    {
        var errors = Resolved.From(documents).Errors.ToList();

        Assert.Contains(errors, e => e.Contains(first, StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains(second, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{email: a@x.example, access: {permissions: [admin]}, expiresAt: soon, reason: SEC-1}")]
    [InlineData("{email: a@x.example, access: {permissions: [admin]}, expiresAt: 2026-08-01, reason: [x]}")]
    [InlineData("{email: nobody, access: {permissions: [admin]}, expiresAt: 2026-08-01, reason: SEC-1}")]
    [InlineData("{email: a@x.example, access: {permissions: [fly, admin]}}")]
    public void What_cannot_be_read_is_not_said_to_be_missing(string entry) =>
        Assert.Single(Resolved.From(Resolved.Provider, Members(entry), Temporary).Errors);

    [Fact]
    public void A_document_with_a_problem_is_still_there_for_those_that_refer_to_it() =>
        Assert.Single(
            Resolved
                .From(
                    Resolved.Provider,
                    "kind: Team\nmetadata: {name: t}\nspec: {members: [{email: nobody}]}",
                    Members("{team: t, access: {permissions: [read]}}")
                )
                .Errors
        );

    [Fact]
    public void A_document_with_a_problem_gives_no_warning_of_what_it_lacks() =>
        Assert.Empty(
            Resolved
                .From(Provider("https://elsewhere.example"), Members("{email: nobody, access: {permissions: [read]}}"))
                .Warnings
        );

    private static string Provider(
        string url = "https://api.acme.example/v1",
        string type = "acme",
        string env = "RECONCILER_TOKEN",
        string more = ""
    ) =>
        $"kind: AccessProvider\nmetadata: {{name: acme}}\nspec: {{type: {type}, baseUrl: '{url}', "
        + $"actingAs: bot@x.example, credentials: {{token: {{env: {env}}}}}{more}}}";

    private static string Members(string entries, string provider = "acme") =>
        Membership($"members: [{entries}]", provider: provider);

    private static string Membership(string fields, string name = "a", string provider = "acme") =>
        $"kind: ProjectMembership\nmetadata: {{name: {name}}}\nspec: {{provider: {provider}, "
        + $"{(fields.Contains("projectId", StringComparison.Ordinal) ? "" : $"projectId: {name}-1, ")}"
        + $"{fields}}}";
}

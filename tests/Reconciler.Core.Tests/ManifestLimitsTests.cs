using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Manifests;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>
/// What a manifest may not decide: where tokens go, which secrets are read, which project is whose, what the Guardrails
/// forbid.
/// </summary>
public sealed class ManifestLimitsTests
{
    private const string Admin = "{email: root@x.example, access: {permissions: [admin]}}";
    private const string Uuid = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

    [Fact]
    public void Two_documents_for_one_project_are_an_error_that_names_both() =>
        Resolved
            .From(
                Resolved.Provider,
                Resolved.Membership(Admin, "one"),
                Resolved.Membership(Admin, "two").Replace("two-1", "one-1", StringComparison.Ordinal)
            )
            .Refused("c.yaml:3:", "one-1", "default/one at b.yaml:3:");

    [Fact]
    public void A_uuid_in_capitals_is_the_same_project()
    {
        Resolved
            .From(Solo(), SoloProject("one", Uuid), SoloProject("two", Uuid.ToUpperInvariant()))
            .Refused("declares the project", "default/one at b.yaml");
    }

    [Fact]
    public void A_uuid_of_a_person_in_capitals_is_the_same_person() =>
        Assert.Equal(
            $"id:{Uuid}",
            Resolved
                .From(
                    Solo(),
                    SoloProject("one", Uuid, $"{{userId: {Uuid.ToUpperInvariant()}, access: {{role: Manager}}}}")
                )
                .Project.Members[0]
                .Person.Key
        );

    [Fact]
    public void An_id_that_is_no_uuid_is_an_error_where_the_vendor_has_uuids() =>
        Resolved.From(Solo(), SoloProject("one", "p-1")).Refused("spec.projectId", "expected a uuid");

    [Theory]
    [InlineData("../../admin")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a%2fb")]
    [InlineData("a?b")]
    [InlineData("'a b'")]
    public void An_id_that_could_reach_another_path_is_an_error(string id) =>
        Resolved
            .From(
                Resolved.Provider,
                Resolved.Membership(Admin).Replace("demo-1", $"\"{id.Trim('\'')}\"", StringComparison.Ordinal)
            )
            .Refused("spec.projectId");

    [Theory]
    [InlineData("https://evil.example/v1", "sends the token to evil.example, which Acme does not publish")]
    [InlineData("https://api.acme.example.evil.example/v1", "does not publish")]
    [InlineData("http://api.acme.example/v1", "sends the token unencrypted")]
    [InlineData("https://user:pass@api.acme.example/v1", "without user, query and fragment")]
    [InlineData("https://api.acme.example/v1?x=1", "without user, query and fragment")]
    [InlineData("http://127.0.0.1:8080/", "does not publish")]
    public void A_token_goes_nowhere_but_to_published_hosts(string url, string expected) =>
        Resolved.From(Provider(baseUrl: url), Resolved.Membership(Admin)).Refused("spec.baseUrl", expected);

    [Fact]
    public void The_runner_may_allow_a_host_or_replace_the_url()
    {
        Resolved
            .From(
                r => r with { AllowedHosts = ["proxy.example"] },
                Provider(baseUrl: "https://proxy.example/v1"),
                Resolved.Membership(Admin)
            )
            .Accepted();
        Resolved
            .From(
                r => r with { AllowedHosts = ["127.0.0.1"] },
                Provider(baseUrl: "http://127.0.0.1:8080/v1"),
                Resolved.Membership(Admin)
            )
            .Accepted();
        var replaced = Override("acme", "http://localhost:9000/acme//");
        replaced.Accepted();
        Assert.Equal("http://localhost:9000/acme/", replaced.Project.Provider.BaseUrl.AbsoluteUri);
        Override("acme", "http://proxy.example/").Refused("sends the token unencrypted");
        Override("acmee", "http://localhost:9000/").Refused("--base-url", "did you mean \"acme\"?");
    }

    [Fact]
    public void Only_variables_of_our_own_are_read_unless_the_runner_allows_more()
    {
        Resolved
            .From(Provider(token: "{env: AWS_SECRET_ACCESS_KEY}"), Resolved.Membership(Admin))
            .Refused("spec.credentials.token.env: names another variable", "--allow-env");
        Resolved
            .From(
                r => r with { AllowedVariables = ["ACME_TOKEN"] },
                Provider(token: "{env: ACME_TOKEN}"),
                Resolved.Membership(Admin)
            )
            .Accepted();
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../token")]
    [InlineData("a/../../token")]
    [InlineData("a//b")]
    [InlineData("..\\token")]
    [InlineData("C:token")]
    public void Only_files_below_the_folder_of_secrets_are_read(string file)
    {
        Resolved
            .From(Provider(token: $"{{file: '{file}'}}"), Resolved.Membership(Admin))
            .Refused("expected a path below --secrets-dir");
        Resolved.From(Provider(token: "{file: acme/token}"), Resolved.Membership(Admin)).Accepted();
    }

    [Fact]
    public void Forbidden_access_is_an_error_also_through_a_role()
    {
        var guardrail = Guardrail("forbiddenAccess: {acme: {permissions: [write]}}");
        Resolved
            .Members(
                $"{Admin}, {{email: a@x.example, role: writer}}",
                guardrail,
                "kind: AccessRole\nmetadata: {name: writer}\nspec: {access: {acme: {permissions: [read, write]}}}"
            )
            .Refused("grants write, which the Guardrail g forbids");
        Resolved.Members(Admin, guardrail).Accepted();
    }

    [Fact]
    public void Temporary_access_needs_an_end_that_is_near_enough_and_a_reason()
    {
        var guardrail = Guardrail(
            "temporary: [{access: {acme: {permissions: [admin]}}, max: 90d, requireReason: true}]"
        );
        Resolved
            .Members("{email: a@x.example, reason: r, access: {permissions: [admin]}}", guardrail)
            .Refused("without an end", "at most 90d ahead");
        Resolved
            .Members(
                "{email: a@x.example, reason: r, expiresAt: 2027-01-01, access: {permissions: [admin]}}",
                guardrail
            )
            .Refused("until 2027-01-02", "until 2026-09-13");
        Resolved
            .Members("{email: a@x.example, expiresAt: 2026-08-01, access: {permissions: [admin]}}", guardrail)
            .Refused("without a reason");
        Resolved
            .Members(
                "{email: a@x.example, reason: r, expiresAt: 2026-08-01, access: {permissions: [admin]}}, "
                    + "{email: b@x.example, access: {permissions: [read]}}",
                guardrail
            )
            .Accepted();
    }

    [Fact]
    public void An_address_outside_the_allowed_domains_is_an_error()
    {
        Resolved
            .Members(
                "{email: a@Evil.example, access: {permissions: [admin]}}",
                Guardrail("allowedDomains: [x.example]")
            )
            .Refused("a@Evil.example is outside the domains");
        Resolved
            .Members("{email: a@X.Example, access: {permissions: [admin]}}", Guardrail("allowedDomains: [x.example]"))
            .Accepted();
        Resolved
            .Members(
                "{email: a@sub.x.example, access: {permissions: [admin]}}",
                Guardrail("allowedDomains: [x.example]")
            )
            .Refused("outside the domains");
    }

    [Fact]
    public void The_strictest_value_of_all_Guardrails_that_select_a_project_wins()
    {
        var limits = Resolved
            .Members(
                Admin,
                Guardrail("minAdmins: 1"),
                Guardrail("minAdmins: 3", "h"),
                Guardrail("minAdmins: 9", "other", "{matchLabels: {tier: test}}")
            )
            .Project.Limits;
        Assert.Equal(new MinimumAdmins("the Guardrail h", 3), limits.MinAdmins.MaxBy(l => l.Count));
    }

    [Fact]
    public void Without_a_Guardrail_the_built_in_limits_hold_and_the_runner_may_state_or_lift_them()
    {
        Assert.True(
            Resolved.Members(Admin).Project.Limits is { KeepsLastMember: true, ProviderRemovals: [{ Count: 25 }] }
        );
        Assert.True(
            Runner(r => r with { MaxRemovals = 5 }).Project.Limits
                is { KeepsLastMember: true, ProviderRemovals: [{ Count: 5, Source: "--max-removals" }] }
        );
        Assert.True(
            Runner(r => r with { LiftsBuiltInLimits = true }).Project.Limits
                is { KeepsLastMember: false, ProviderRemovals: [] }
        );
    }

    [Fact]
    public void A_manifest_cannot_relax_the_runners_limit()
    {
        var limits = Runner(
            r => r with { MaxRemovals = 5 },
            Guardrail("maxRemovalsPerProvider: {count: 1000}")
        ).Project.Limits;
        Assert.Equal([5, 1000], limits.ProviderRemovals.Select(l => l.Count).Order());
    }

    [Fact]
    public void A_Guardrail_that_limits_invitations_lifts_no_built_in_limit()
    {
        var limits = Resolved.Members(Admin, Guardrail("maxInvitations: {count: 4}")).Project.Limits;
        Assert.Equal(new ProjectInvitationLimit("the Guardrail g", 4), Assert.Single(limits.ProjectInvitations));
        Assert.True(limits is { KeepsLastMember: true, ProviderRemovals: [{ Count: 25 }] });
    }

    [Fact]
    public void A_manifest_adds_its_limit_of_invitations_to_the_runners()
    {
        var runner = new ManifestSet();
        ManifestReader.ReadText(
            "runner.yaml",
            $"apiVersion: reconciler.dev/v1alpha1\n{Guardrail("maxInvitations: {count: 3}", "r")}",
            runner,
            new()
        );
        var limits = Runner(
            r => r with { Guardrails = [.. runner.All<Guardrail>()] },
            Guardrail("maxInvitations: {count: 50}")
        ).Project.Limits;
        Assert.Equal(
            [("the runner's Guardrail r", 3, LimitOrigin.Runner), ("the Guardrail g", 50, LimitOrigin.Manifests)],
            limits.ProjectInvitations.Select(l => (l.Source, l.Count, l.Origin))
        );
    }

    [Fact]
    public void A_limit_says_who_states_it()
    {
        var limits = Runner(
            r => r with { MaxRemovals = 5 },
            Guardrail("maxRemovalsPerProvider: {count: 1000}, minAdmins: 1")
        ).Project.Limits;
        Assert.Equal([LimitOrigin.Runner, LimitOrigin.Manifests], limits.ProviderRemovals.Select(l => l.Origin));
        Assert.Equal(LimitOrigin.Manifests, Assert.Single(limits.MinAdmins).Origin);
        Assert.Equal(LimitOrigin.BuiltIn, Assert.Single(Limits.BuiltIn.ProviderRemovals).Origin);
    }

    private static Resolved Override(string name, string url) =>
        Runner(r => r with { BaseUrls = r.BaseUrls.Add(name, url) });

    private static Resolved Runner(Func<RunnerRules, RunnerRules> rules, params string[] more) =>
        Resolved.From(rules, [Resolved.Provider, Resolved.Membership(Admin), .. more]);

    private static string Guardrail(string spec, string name = "g", string selector = "{}") =>
        $"kind: Guardrail\nmetadata: {{name: {name}}}\nspec: {{selector: {selector}, {spec}}}";

    private static string Provider(
        string baseUrl = "https://api.acme.example/v1",
        string token = "{env: RECONCILER_TOKEN}"
    ) =>
        $"kind: AccessProvider\nmetadata: {{name: acme}}\nspec: {{type: acme, baseUrl: '{baseUrl}', "
        + $"actingAs: bot@x.example, credentials: {{token: {token}}}}}";

    private static string Solo() =>
        "kind: AccessProvider\nmetadata: {name: solo}\nspec: {type: solo, baseUrl: https://solo.example/api, "
        + "actingAs: bot@x.example, credentials: {token: {env: RECONCILER_T}}}";

    private static string SoloProject(
        string name,
        string id,
        string members = "{email: a@x.example, access: {role: Manager}}"
    ) =>
        $"kind: ProjectMembership\nmetadata: {{name: {name}}}\nspec: {{provider: solo, projectId: {id}, members: [{members}]}}";
}

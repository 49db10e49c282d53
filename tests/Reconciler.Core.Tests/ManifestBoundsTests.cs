using Reconciler.Core.Membership;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>Bounds that files and custom resources share, since a schema needs them.</summary>
public sealed class ManifestBoundsTests
{
    [Fact]
    public void A_text_with_a_form_has_at_most_1024_characters_with_the_space_around_it()
    {
        Resolved
            .Members($"{{email: \"{new string(' ', 1011)}a@x.example  \", access: {{permissions: [read]}}}}")
            .Accepted();
        Resolved
            .Members($"{{email: \"{new string(' ', 1012)}a@x.example  \", access: {{permissions: [read]}}}}")
            .Refused("members[0].email: is 1025 characters long; expected at most 1024");
    }

    [Fact]
    public void A_field_of_access_has_at_most_a_thousand_words()
    {
        Resolved.Members(Entry(AccessVocabulary.MostWords)).Accepted();
        Resolved
            .Members(Entry(AccessVocabulary.MostWords + 1))
            .Refused("members[0].access.permissions: has 1001 entries; expected at most 1000");
    }

    [Fact]
    public void A_percentage_that_is_not_there_cannot_begin_anywhere()
    {
        Resolved.Members(Entry(1), Guardrail("{percent: 10, percentFrom: 5}")).Accepted();
        Resolved
            .Members(Entry(1), Guardrail("{count: 10, percentFrom: 5}"))
            .Refused("spec.maxRemovals.percentFrom: stands without percent; expected percent beside it");
    }

    [Theory]
    [InlineData("{}", "spec.maxInvitations.count: is missing")]
    [InlineData("{count: -1}", "spec.maxInvitations.count")]
    [InlineData("{count: 10001}", "spec.maxInvitations.count")]
    [InlineData("{count: 1, percent: 10}", "spec.maxInvitations.percent: unknown field; expected count")]
    public void A_limit_of_invitations_is_a_number_of_people(string limit, string problem)
    {
        Resolved.Members(Entry(1), Invitations("{count: 0}")).Accepted();
        Resolved.Members(Entry(1), Invitations(limit)).Refused(problem);
    }

    private static string Invitations(string limit) =>
        $"kind: Guardrail\nmetadata: {{name: g}}\nspec: {{selector: {{}}, maxInvitations: {limit}}}";

    private static string Entry(int words) =>
        $"{{email: a@x.example, access: {{permissions: [{string.Join(", ", Enumerable.Repeat("read", words))}]}}}}";

    private static string Guardrail(string limit) =>
        $"kind: Guardrail\nmetadata: {{name: g}}\nspec: {{selector: {{}}, maxRemovals: {limit}}}";
}

using Reconciler.Core.Manifests.Kinds;
using Reconciler.Testing.Sources;

namespace Reconciler.Manifests.Tests;

public sealed class DocumentReaderTests
{
    private const string Head = "apiVersion: reconciler.dev/v1alpha1\nkind: ";

    [Fact]
    public void The_output_of_kubectl_reads_as_manifests()
    {
        const string Text = """
            apiVersion: v1
            items:
            - apiVersion: reconciler.dev/v1alpha1
              kind: Team
              metadata:
                annotations:
                  kubectl.kubernetes.io/last-applied-configuration: |
                    {"apiVersion":"reconciler.dev/v1alpha1","kind":"Team"}
                  note: "a\tb"
                  empty: ""
                creationTimestamp: "2026-07-30T10:00:00Z"
                finalizers: [reconciler.dev/access]
                generation: 2
                labels: {example.com/marker: ""}
                managedFields:
                - {apiVersion: reconciler.dev/v1alpha1, manager: kubectl, fieldsV1: {"f:spec": {}}}
                name: platform
                namespace: people
                resourceVersion: "41"
                uid: 4f0c1f2e-0000-4000-8000-000000000000
              spec: {members: [{email: ana@example.com}]}
              status: {observedGeneration: 2, conditions: [{type: Ready, status: "True"}]}
            kind: List
            metadata: {resourceVersion: ""}
            """;

        var reading = Reading.Text(Text);

        Assert.Empty(reading.Problems);
        Assert.Equal("people/platform", Assert.Single(reading.Set.All<Team>()).Id);
    }

    [Fact]
    public void Documents_of_other_groups_are_counted_and_left_alone()
    {
        var reading = Reading.Text(
            "apiVersion: v1\nkind: Secret\n---\nreplicas: 3\n---\n"
                + "apiVersion: apps/v1\nkind: Deployment\nspec: {x: [1]}\n---\n"
        );

        Assert.Empty(reading.Problems);
        Assert.Equal(3, reading.Set.Skipped);
    }

    [Theory]
    [InlineData(
        "kind: Team\nmetadata: {name: a}\nspec: {members: []}",
        "a.yaml:1:1: apiVersion: is missing; expected reconciler.dev/v1alpha1"
    )]
    [InlineData(
        "apiVersion: reconciler.dev/v1\nkind: Team",
        "a.yaml:1:13: apiVersion: is \"reconciler.dev/v1\"; expected reconciler.dev/v1alpha1"
    )]
    [InlineData(
        "apiVersion: reconciler.dev\nkind: Team",
        "a.yaml:1:13: apiVersion: is \"reconciler.dev\"; expected reconciler.dev/v1alpha1"
    )]
    [InlineData(
        "apiVersion: recociler.dev/v1alpha1\nkind: Team",
        "a.yaml:1:13: apiVersion: is \"recociler.dev/v1alpha1\"; expected reconciler.dev/v1alpha1"
    )]
    [InlineData(
        "apiVersion: reconciler.dev/v1alpha1\nkind: Taem",
        "a.yaml:2:7: kind: is \"Taem\"; expected one of AccessProvider, ProjectMembership, Team, AccessRole, "
            + "Person, Guardrail, Approval; did you mean \"Team\"?"
    )]
    [InlineData(
        "apiVersion: reconciler.dev/v1alpha1\nkind: projectmembership",
        "a.yaml:2:7: kind: is \"projectmembership\"; expected one of AccessProvider, ProjectMembership, "
            + "Team, AccessRole, Person, Guardrail, Approval; did you mean \"ProjectMembership\"?"
    )]
    [InlineData(
        "apiVersion: reconciler.dev/v1alpha1",
        "a.yaml:1:1: kind: is missing; expected one of AccessProvider, ProjectMembership, "
            + "Team, AccessRole, Person, Guardrail, Approval"
    )]
    [InlineData(
        "apiVersion: reconciler.dev/v1alpha1\nkind: [Team]",
        "a.yaml:2:7: kind: is a list; expected one of AccessProvider, ProjectMembership, "
            + "Team, AccessRole, Person, Guardrail, Approval"
    )]
    [InlineData("- a", "a.yaml:1:1: is a list; expected a document with apiVersion, kind, metadata and spec")]
    [InlineData(
        "hello",
        "a.yaml:1:1: is the text \"hello\"; expected a document with apiVersion, kind, metadata and spec"
    )]
    public void A_document_that_is_nearly_one_of_ours_is_an_error(string text, string problem) =>
        Assert.Equal([problem], Reading.Text(text).Problems);

    [Fact]
    public void An_unknown_field_is_an_error_with_a_suggestion() =>
        Assert.Equal(
            [
                "a.yaml:4:19: spec.members[0].emial: unknown field; "
                    + "expected email, person, login, id, team, expiresAt, reason; did you mean \"email\"?",
            ],
            Reading.Text($"{Head}Team\nmetadata: {{name: a}}\nspec: {{members: [{{emial: x, team: b}}]}}").Problems
        );

    [Fact]
    public void A_missing_part_is_named_with_its_path() =>
        Assert.Equal(
            [
                "a.yaml:1:1: spec: is missing; expected a mapping with members",
                "a.yaml:3:11: metadata.name: is missing; expected lower-case letters, digits and dashes, "
                    + "beginning and ending with a letter or digit, at most 63 characters",
            ],
            Reading.Text($"{Head}Team\nmetadata: {{labels: {{a: b}}}}").Problems
        );

    [Theory]
    [InlineData("123", "is the number 123; expected the vendor's id of the project, written in quotes: \"123\"")]
    [InlineData("1e10", "is the number 1e10; expected the vendor's id of the project, written in quotes: \"1e10\"")]
    [InlineData("1_000", "is the number 1_000; expected the vendor's id of the project, written in quotes: \"1_000\"")]
    [InlineData("0b101", "is the number 0b101; expected the vendor's id of the project, written in quotes: \"0b101\"")]
    [InlineData("0755", "is the number 0755; expected the vendor's id of the project, written in quotes: \"0755\"")]
    [InlineData(".inf", "is the number .inf; expected the vendor's id of the project, written in quotes: \".inf\"")]
    [InlineData("true", "is the flag true; expected the vendor's id of the project, written in quotes: \"true\"")]
    [InlineData("No", "is the flag No; expected the vendor's id of the project, written in quotes: \"No\"")]
    [InlineData("~", "has no value; expected the vendor's id of the project, or leave the field out")]
    [InlineData("", "has no value; expected the vendor's id of the project, or leave the field out")]
    [InlineData("\"\"", "is \"\"; expected the vendor's id of the project")]
    [InlineData("[a]", "is a list; expected the vendor's id of the project")]
    [InlineData("\"a\\tb\"", "is \"a\\u0009b\"; expected the vendor's id of the project")]
    [InlineData("\"a\\nb\"", "is \"a\\u000ab\"; expected the vendor's id of the project")]
    public void Text_that_YAML_takes_for_something_else_is_refused(string value, string problem) =>
        AssertField("projectId", value, problem);

    [Theory]
    [InlineData("\"a\\n\"")]
    [InlineData("\"-a\"")]
    [InlineData("A")]
    [InlineData("a.b")]
    public void A_pattern_holds_for_the_whole_text(string value) =>
        AssertField(
            "provider",
            value,
            null,
            p => Assert.Contains("; expected an AccessProvider's name", p, StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("\"true\"", "is the text \"true\"; expected true or false")]
    [InlineData("yes", "is the flag yes; expected true or false")]
    [InlineData("1", "is the number 1; expected true or false")]
    [InlineData("", "has no value; expected true or false, or leave the field out")]
    public void A_flag_is_true_or_false_without_quotes(string value, string problem) =>
        AssertField("suspend", value, problem);

    [Theory]
    [InlineData("\"3\"", "is the text \"3\"; expected a whole number from 0 to 20")]
    [InlineData("21", "is the number 21; expected a whole number from 0 to 20")]
    [InlineData("-1", "is the number -1; expected a whole number from 0 to 20")]
    [InlineData("1.5", "is the number 1.5; expected a whole number from 0 to 20")]
    [InlineData("010", "is the number 010; expected a whole number from 0 to 20")]
    [InlineData("0x0a", "is the number 0x0a; expected a whole number from 0 to 20")]
    public void A_number_reads_the_same_everywhere_or_is_refused(string value, string problem) =>
        AssertField(
            "invitations",
            $"{{maxResends: {value}}}",
            null,
            p => Assert.Equal($"a.yaml:7:29: spec.invitations.maxResends: {problem}", p)
        );

    [Theory]
    [InlineData("prune", "olny", "is \"olny\"; expected one of never, owned, all")]
    [InlineData("prune", "ownd", "is \"ownd\"; expected one of never, owned, all; did you mean \"owned\"?")]
    [InlineData("interval", "10", "10 has no unit; write 10m for ten minutes")]
    [InlineData(
        "interval",
        "5s",
        "is \"5s\"; expected a duration such as 30s, 10m, 1h30m or 14d (at most 3650d), at least 30s"
    )]
    [InlineData(
        "invitations",
        "{}",
        "is empty; expected at least one of resendAfter, maxResends, expireAfter, reinviteDeclined, reinviteExpired, "
            + "reinviteLeft, resendBy, message"
    )]
    public void A_value_of_another_form_is_refused(string field, string value, string problem) =>
        AssertField(field, value, problem);

    [Fact]
    public void A_name_that_is_declared_twice_is_an_error_naming_both_places()
    {
        var team = TemporaryFolder.TeamNamed("a");

        Assert.Equal(
            [
                "a.yaml:8:18: metadata.name: Team default/a is declared twice; "
                    + "expected one document a name, and the other is at a.yaml:3:11",
            ],
            Reading.Text($"{team}---\n{team}").Problems
        );
    }

    [Fact]
    public void A_message_and_a_reason_may_have_several_lines() =>
        Assert.Empty(
            Reading
                .Text(
                    $$"""
                    {{Head}}ProjectMembership
                    metadata: {name: a}
                    spec:
                      provider: p
                      projectId: q
                      invitations:
                        message: |
                          Welcome!
                          Ask us anything.
                      members:
                      - email: ana@example.com
                        role: reader
                        reason: |
                          SEC-1234
                    """
                )
                .Problems
        );

    private static void AssertField(string field, string value, string? problem, Action<string>? check = null)
    {
        var others = new[] { "provider: p", "projectId: q" }.Where(f => !f.StartsWith(field, StringComparison.Ordinal));
        var text =
            $"{Head}ProjectMembership\nmetadata: {{name: a}}\nspec:\n  {string.Join("\n  ", others)}\n"
            + $"{(others.Count() == 1 ? "  dryRun: true\n" : "")}  {field}: {value}\n";
        var found = Assert.Single(Reading.Text(text).Problems);
        if (check is null)
            Assert.Equal(
                $"a.yaml:7:{field.Length + 5}: spec.{field}: {problem}",
                value.Length > 0
                    ? found
                    : found.Replace(
                        $"a.yaml:7:{field.Length + 4}:",
                        $"a.yaml:7:{field.Length + 5}:",
                        StringComparison.Ordinal
                    )
            );
        else
            check(found);
    }
}

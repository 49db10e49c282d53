using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Describing;

/// <summary>The calls of a definition.</summary>
/// <param name="OfKind">The calls by what they do.</param>
/// <param name="RemoveDirect">The call that takes away what is not inherited; null if there is none.</param>
internal sealed record CompiledCalls(
    ImmutableDictionary<ActionKind, DescribedCall> OfKind,
    DescribedCall? RemoveDirect
);

/// <summary>
/// Checks the calls of a definition: every placeholder has a value, and every call names the person or invitation that
/// it is about.
/// </summary>
internal sealed class CallCompiler(
    VendorDefinitionSpec spec,
    AccessCompiler access,
    ListCompiler lists,
    Problems problems
)
{
    private const string Email = "email";
    private const string Emails = "emails";
    private const string Person = "person.id";
    private const string MemberId = "member.id";
    private const string MemberPerson = "member.person";
    private const string InvitationId = "invitation.id";

    public CompiledCalls All()
    {
        var calls = ImmutableDictionary.CreateBuilder<ActionKind, DescribedCall>();
        Add(ActionKind.Invite, spec.Calls.Invite, [Email, Emails, Person], givesAccess: true);
        Add(ActionKind.Update, spec.Calls.Update, [MemberId, MemberPerson, Email], givesAccess: true);
        Add(ActionKind.Replace, spec.Calls.Replace, [InvitationId, Email], givesAccess: true);
        Add(ActionKind.Resend, spec.Calls.Resend, [InvitationId, Email], givesAccess: false);
        Add(ActionKind.Revoke, spec.Calls.Revoke, [InvitationId, Email], givesAccess: false);
        Add(ActionKind.Remove, spec.Calls.Remove, [MemberId, MemberPerson, Email], givesAccess: false);
        return new(
            calls.ToImmutable(),
            spec.Calls.RemoveDirect is { } call
                ? Compile(call, [MemberId, MemberPerson, Email], givesAccess: false)
                : null
        );

        void Add(ActionKind kind, CallDefinition? call, string[] persons, bool givesAccess)
        {
            if (call is null)
                return;
            CheckEffect(kind, call);
            CheckBatch(kind, call);
            calls[kind] = Compile(call, [.. persons.Where(p => IsKnown(p, call))], givesAccess);
        }
    }

    private bool IsKnown(string placeholder, CallDefinition call) =>
        placeholder switch
        {
            Person => spec.People is not null,
            MemberPerson => spec.Members.Person is not null,
            Emails => call.Batch > 1,
            Email => call.Batch is null or 1,
            _ => true,
        };

    private DescribedCall Compile(CallDefinition call, string[] persons, bool givesAccess)
    {
        string[] inPath = [ListCompiler.Project, .. persons.Where(p => p != Emails)];
        string[] inBody =
        [
            ListCompiler.Project,
            .. persons,
            .. givesAccess ? access.Names.Select(f => $"access.{f}") : [],
        ];
        var compiled = new DescribedCall(
            call.Method,
            PathCompiler.Compile(call.Path, call.Origin, inPath, problems),
            call.Effect
        )
        {
            Body = call.Body is null ? null : Body(call.Body.Origin, inBody),
            Proof = call.Proof is null ? null : Proof(call.Proof),
        };
        if (call.Path is not null && !compiled.Placeholders.Any(persons.Contains))
            problems.Error(
                call.Origin,
                $"names nobody, so that it could change everybody; expected one of "
                    + $"{string.Join(", ", persons.Select(p => $"{{{p}}}"))} in its path or body"
            );
        if (givesAccess && call.Path is not null)
            CheckAccess(call, compiled);
        return compiled;
    }

    // A field that no call sends could be declared, and would never be given.
    private void CheckAccess(CallDefinition call, DescribedCall compiled)
    {
        var sent = compiled.Placeholders.ToHashSet(StringComparer.Ordinal);
        foreach (var field in access.Names.Where(f => !sent.Contains($"access.{f}")))
            problems.Error(
                call.Origin.At("body"),
                $"does not send {field}, so that it could be declared and would never be given; "
                    + $"expected {{access.{field}}} in the body"
            );
    }

    private void CheckEffect(ActionKind kind, CallDefinition call)
    {
        if (
            kind is ActionKind.Invite or ActionKind.Replace or ActionKind.Resend
            && call.Origin["effect"] is ScalarNode { Text: "idempotent" or "transfers" } effect
        )
            problems.Error(effect, "is not mails; expected mails, since invite, replace and resend count as mails");
    }

    private void CheckBatch(ActionKind kind, CallDefinition call)
    {
        if (call.Batch > 1 && kind != ActionKind.Invite)
            problems.Error(call.Origin.At("batch"), "means nothing here; only invite takes several people in a call");
    }

    private DescribedProof Proof(ProofDefinition proof) =>
        new()
        {
            Status = proof.Status == true,
            Items = lists.Optional(proof, "items", proof.Items),
            Where = lists.Conditions(proof.Where),
            Email = lists.Optional(proof, "email", proof.Email),
            Id = lists.Optional(proof, "id", proof.Id),
            Access = lists.Sources(proof.Origin, proof.Access),
        };

    private BodyTemplate Body(Node node, IReadOnlyCollection<string> placeholders) =>
        node switch
        {
            MappingNode mapping => new BodyTemplate.Mapping([
                .. mapping.Entries.Select(e => KeyValuePair.Create(e.Name, Body(e.Value, placeholders))),
            ]),
            SequenceNode list => new BodyTemplate.List([.. list.Items.Select(i => Body(i, placeholders))]),
            ScalarNode { Kind: ScalarKind.Text } scalar => Text(scalar, placeholders),
            ScalarNode scalar => Literal(scalar),
            _ => throw new InvalidOperationException($"{node.GetType().Name} is no piece of a manifest"),
        };

    private BodyTemplate Text(ScalarNode scalar, IReadOnlyCollection<string> placeholders)
    {
        if (TextTemplate.Parse(scalar.Text) is not { } template)
        {
            problems.Error(scalar, $"has an open brace in {scalar.Quote()}; expected {{NAME}}");
            return new BodyTemplate.Fixed("null");
        }

        PathCompiler.CheckNames(template.Parts, scalar, placeholders, problems);
        if (template.Only is { } placeholder)
            return new BodyTemplate.Value(placeholder);
        return template.Names.Any()
            ? new BodyTemplate.Text(template)
            : new BodyTemplate.Fixed(JsonValue.Create(scalar.Text).ToJsonString());
    }

    private BodyTemplate.Fixed Literal(ScalarNode scalar)
    {
        if (scalar.Kind == ScalarKind.Nothing)
            return new("null");
        if (scalar.Kind == ScalarKind.Flag || IsJsonNumber(scalar.Text))
            return new(scalar.Text);
        problems.Error(scalar, $"is {scalar.Describe()}, which JSON cannot hold; expected a decimal number");
        return new("null");
    }

    private static bool IsJsonNumber(string text)
    {
        try
        {
            return JsonNode.Parse(text)?.GetValueKind() == System.Text.Json.JsonValueKind.Number;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }
}

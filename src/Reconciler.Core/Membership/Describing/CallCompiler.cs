using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Membership.Describing;

/// <summary>The calls of a definition.</summary>
/// <param name="OfKind">The calls by what they do.</param>
/// <param name="RemoveDirect">The call that takes away what is not inherited; null if there is none.</param>
/// <param name="Words">The calls that give and take one word; null if there are none.</param>
internal sealed record CompiledCalls(
    ImmutableDictionary<ActionKind, DescribedCall> OfKind,
    DescribedCall? RemoveDirect,
    DescribedWordCalls? Words
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
    public const string Emails = "emails";
    private const string Login = "login";
    private const string Person = "person.id";
    private const string MemberId = "member.id";
    private const string MemberPerson = "member.person";
    private const string InvitationId = "invitation.id";

    public CompiledCalls All()
    {
        var calls = ImmutableDictionary.CreateBuilder<ActionKind, DescribedCall>();
        Add(ActionKind.Invite, spec.Calls.Invite, [Email, Emails, Login, Person], givesAccess: true);
        Add(ActionKind.Update, spec.Calls.Update, [MemberId, MemberPerson, Email, Login], givesAccess: true);
        Add(ActionKind.Replace, spec.Calls.Replace, [InvitationId, Email, Login], givesAccess: true);
        Add(ActionKind.Resend, spec.Calls.Resend, [InvitationId, Email, Login], givesAccess: false);
        Add(ActionKind.Revoke, spec.Calls.Revoke, [InvitationId, Email, Login], givesAccess: false);
        Add(ActionKind.Remove, spec.Calls.Remove, [MemberId, MemberPerson, Email, Login], givesAccess: false);
        var direct = spec.Calls.RemoveDirect;
        if (direct is null && lists.MayInherit && spec.Calls.Remove is not null)
            problems.Error(
                spec.Calls.Origin,
                "removeDirect",
                "is missing; expected the call that takes away what somebody has directly, since members may inherit "
                    + "access as well"
            );
        return new(
            calls.ToImmutable(),
            direct is null
                ? null
                : CompileFor(ActionKind.Remove, direct, [MemberId, MemberPerson, Email, Login], false),
            new WordCallCompiler(spec, problems).All()
        );

        void Add(ActionKind kind, CallDefinition? call, string[] persons, bool givesAccess)
        {
            if (call is null)
                return;
            calls[kind] = CompileFor(kind, call, persons, givesAccess);
        }
    }

    private DescribedCall CompileFor(ActionKind kind, CallDefinition call, string[] persons, bool givesAccess)
    {
        CheckEffect(kind, call);
        CheckBatch(kind, call);
        if (call.Then is { } then && (kind != ActionKind.Invite || call.Batch > 1))
            problems.Error(then.Origin, "means nothing here; only an invite of one person has a second call");
        if (call.Reads is { } reads && kind != ActionKind.Update)
            problems.Error(reads.Origin, "means nothing here; only update changes something that is there already");
        if (call is { Then: not null, Proof: not null })
            problems.Error(call.Proof.Origin, "means nothing beside then; expected no proof, so that the list is read");
        var compiled = Compile(call, [.. persons.Where(p => IsKnown(p, call))], givesAccess);
        CheckReach(kind, call, compiled);
        if (call.Proof is { } proof)
            CheckProof(kind, call, proof);
        return compiled;
    }

    // Without the project, or the id of something in it, a call reaches the person in all projects.
    private void CheckReach(ActionKind kind, CallDefinition call, DescribedCall compiled)
    {
        // The token itself reaches no other project.
        if (spec.Members.Project is not null)
            return;
        string[] inProject = [ListCompiler.Project, MemberId, InvitationId];
        if (call.Path is null || call.Destroys is not null || compiled.Placeholders.Any(inProject.Contains))
            return;
        problems.Error(
            call.Origin,
            $"names neither the project nor a membership or invitation in it: {ActionWords.Of(kind)} would reach every "
                + "project of the person; expected {project}, {member.id} or {invitation.id}, or destroys with what is "
                + "lost"
        );
    }

    private void CheckProof(ActionKind kind, CallDefinition call, ProofDefinition proof)
    {
        var at = proof.Origin;
        if (proof.Status == false)
            problems.Error(at.At("status"), "is false, and proves nothing; expected true, or no such field");
        if (proof.Status == true && at.Entries.Count > 1)
            problems.Error(
                at.At("status"),
                "is enough, and the other fields would not be compared; expected status alone, or the others alone"
            );
        var compares = proof.Where is not null || proof.Email is not null || proof.Id is not null;
        if (proof.Status is null && !compares && proof.Access is not { Count: > 0 })
            problems.Error(at, "compares nothing; expected status, or one of where, email, id, access");
        if (proof.Id is not null && kind == ActionKind.Invite)
            problems.Error(at.At("id"), "means nothing for invite, which begins with no id; expected no such field");
        if (proof.Access is not null && kind is ActionKind.Resend or ActionKind.Revoke or ActionKind.Remove)
            problems.Error(at.At("access"), $"means nothing for {ActionWords.Of(kind)}, which gives none");
        if (call.Batch > 1 && (proof.Items is null || proof.Email is null))
            problems.Error(
                at,
                "does not tell one person of a batch from another; expected items and email, or no proof"
            );
        if (!(call.Batch > 1) && proof.Items is not null)
            problems.Error(at.At("items"), "means nothing for a call of one person; expected no such field");
    }

    private bool IsKnown(string placeholder, CallDefinition call) =>
        placeholder switch
        {
            Person => (spec.People is not null || spec.Logins?.Account is not null) && call.Batch is null or 1,
            Login => spec.Logins is not null && call.Batch is null or 1,
            MemberPerson => spec.Members.Person is not null,
            Emails => spec.Logins is null && call.Batch > 1,
            Email => spec.Logins is null && call.Batch is null or 1,
            _ => true,
        };

    private DescribedCall Compile(CallDefinition call, string[] persons, bool givesAccess)
    {
        string[] inPath = [ListCompiler.Project, .. persons.Where(p => p != Emails)];
        string[] inBody =
        [
            ListCompiler.Project,
            .. persons,
            .. givesAccess ? access.Names.SelectMany(f => Placeholders(f)) : [],
            .. ReadCompiler.Placeholders(call),
        ];
        var body = call.Body is null ? null : new BodyCompiler(spec, problems).Compile(call.Body.Origin, inBody);
        var compiled = new DescribedCall(
            call.Method,
            PathCompiler.Compile(call.Path, call.Origin, inPath, problems),
            call.Effect
        )
        {
            Destroys = call.Destroys,
            Sent = Sent(call),
            Body = body,
            Reads = new ReadCompiler(lists, problems).Compile(call, inPath, persons, body),
            Proof = call.Proof is null ? null : Proof(call.Proof),
            Then = call.Then is null ? null : new WordCallCompiler(spec, problems).Mail(call.Then, lists),
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

    // One word of a list has a placeholder of its own.
    private IEnumerable<string> Placeholders(string field) =>
        spec.Access.Any(f => f.Name == field && f.Form == AccessFieldForm.Words)
            ? [$"access.{field}", $"access.{field}{DescribedWordCalls.Each}"]
            : [$"access.{field}"];

    private ImmutableDictionary<string, string> Sent(CallDefinition call)
    {
        if (call.Origin["sent"] is MappingNode written)
        {
            var known = spec.Access.SelectMany(f => f.Known ?? []).ToHashSet(StringComparer.Ordinal);
            foreach (var entry in written.Entries.Where(e => !known.Contains(e.Name)))
                problems.Error(
                    entry.Key,
                    $"is no known word of spec.access; expected one of {string.Join(", ", known)}"
                        + ProblemText.DidYouMean(entry.Name, known)
                );
        }

        return (call.Sent ?? new Dictionary<string, string>()).ToImmutableDictionary(StringComparer.Ordinal);
    }

    // A field that no call sends could be declared, and would never be given.
    private void CheckAccess(CallDefinition call, DescribedCall compiled)
    {
        var sent = compiled.Placeholders.ToHashSet(StringComparer.Ordinal);
        foreach (var field in spec.Access.Where(f => f.Name is not null).DistinctBy(f => f.Name))
            CheckOptional(call, compiled, field);
        foreach (var field in access.Names.Where(f => !Placeholders(f).Any(sent.Contains)))
            problems.Error(
                call.Origin.At("body"),
                $"does not send {field}, so that it could be declared and would never be given; "
                    + $"expected {{access.{field}}} in the body"
            );
    }

    // A null would empty what is not managed, and a key that is left out would keep what is to be taken away.
    private void CheckOptional(CallDefinition call, DescribedCall compiled, AccessFieldDefinition field)
    {
        foreach (var part in compiled.Body?.Parts.Where(p => p.Text == $"access.{field.Name}") ?? [])
        {
            var isNotManaged = field.NotManagedWhenAbsent == true;
            if (isNotManaged != part.IsOptional)
                problems.Error(
                    call.Origin.At("body"),
                    isNotManaged
                        ? $"has {{{part.Text}}}, which would empty a field that is not managed when it is absent; "
                            + $"expected {{{part.Text}?}}"
                        : $"has {{{part.Text}?}}, which would keep what is to be taken away; expected {{{part.Text}}}"
                );
        }
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
            Where = lists.Proofs(proof, "where", proof.Where),
            Email = lists.Optional(proof, "email", proof.Email),
            Id = lists.Optional(proof, "id", proof.Id),
            Access = lists.Sources(proof.Origin, proof.Access),
        };
}

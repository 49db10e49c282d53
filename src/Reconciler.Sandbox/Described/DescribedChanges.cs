using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Described;

/// <summary>Makes the changes that calls ask for, and answers what proves them.</summary>
internal sealed class DescribedChanges(DescribedWorld world, DescribedItems items, DescribedAnswers answers)
{
    /// <summary>Finds what a call is about; without a project in it, in all of them.</summary>
    /// <param name="change">The call.</param>
    /// <param name="match">The values of its placeholders.</param>
    public ImmutableArray<DescribedSubject> Subjects(DescribedChange change, RequestMatch match)
    {
        var members = Subjects(change.Kind, match);
        // One call may serve members and invitations.
        return change.Word is null || !members.IsEmpty || world.Api.Words?.OfInvitations != true
            ? members
            : Subjects(ActionKind.Replace, match);
    }

    private ImmutableArray<DescribedSubject> Subjects(ActionKind kind, RequestMatch match)
    {
        var projects = match.Text("project") is { } id
            ? world.Projects.Where(p => p == world.Project(id))
            : world.Projects;
        return kind switch
        {
            ActionKind.Invite => [.. projects.Select(p => new DescribedSubject(p)).Take(1)],
            ActionKind.Update or ActionKind.Remove =>
            [
                .. projects.SelectMany(p =>
                    p.Members.Where(m => Fits(match, m)).Select(m => new DescribedSubject(p, Member: m))
                ),
            ],
            _ =>
            [
                .. projects.SelectMany(p =>
                    p.Invitations.Where(i => i.IsPending && Fits(match, i))
                        .Select(i => new DescribedSubject(p, Invitation: i))
                ),
            ],
        };
    }

    /// <summary>Makes a change.</summary>
    /// <param name="change">The call.</param>
    /// <param name="subjects">What it is about.</param>
    /// <param name="match">The values of its placeholders.</param>
    /// <exception cref="DescribedRefusal">The vendor would refuse it.</exception>
    public VendorAnswer Make(DescribedChange change, ImmutableArray<DescribedSubject> subjects, RequestMatch match) =>
        change switch
        {
            { Word: { } word } => ChangeWord(word, subjects, match),
            { Kind: ActionKind.Invite } => Invite(change.Call, subjects[0].Project, match),
            { Kind: ActionKind.Update } => Update(change.Call, subjects, match),
            { Kind: ActionKind.Remove } => Remove(change, subjects),
            _ => OfInvitations(change, subjects, match),
        };

    private VendorAnswer Invite(DescribedCall call, DescribedProject project, RequestMatch match)
    {
        var access = items.Access.Taken(match.Values, SandboxAccess.None);
        var emails = Emails(match).ToList();
        if (world.Vendor.Logins is null && emails.Find(e => !EmailAddress.Fits(e)) is { } odd)
            throw new DescribedRefusal(422, $"'{odd}' is no address");
        if (world.Vendor.Logins is not null && emails.Find(e => !world.IsRegistered(e)) is { } nobody)
            throw new DescribedRefusal(404, $"nobody has the login {nobody}");
        if (emails.Find(e => IsThere(project, e)) is { } known)
            throw new DescribedRefusal(409, $"{known} is there already");
        var made = new List<DescribedSubject>();
        foreach (var email in emails)
        {
            if (call.Then is null)
                world.Setup.Mails.Send(email, project.Id);
            made.Add(
                // Where invitations have no login, somebody with a login is added at once.
                world.Api.Invitations
                    is not { } list
                || (world.Vendor.Logins is not null && list.Login is null)
                    ? new(project, Member: world.AddMember(project, email, access))
                    : new(project, Invitation: world.AddInvitation(project, email, access))
            );
        }

        return answers.Done(201, Shown(call, made));
    }

    // Somebody whose access all comes from above can be given something directly.
    private bool IsThere(DescribedProject project, string email) =>
        project.Waiting(email) is not null
        || (project.Member(email) is { } member && (world.Api.Members.Above is null || member.Access.Names.Any()));

    private VendorAnswer Update(DescribedCall call, ImmutableArray<DescribedSubject> subjects, RequestMatch match)
    {
        DescribedReads.Check(call, match);
        var changed = subjects.Select(s => items.Access.Taken(match.Values, s.Member!.Access)).ToList();
        foreach (var (subject, access) in subjects.Zip(changed))
            subject.Member!.Access = access;
        return answers.Done(200, Shown(call, subjects));
    }

    private VendorAnswer ChangeWord(WordChange change, ImmutableArray<DescribedSubject> subjects, RequestMatch match)
    {
        var (field, word) = items.Access.Word(match.Values);
        foreach (var (_, member, invitation) in subjects)
        {
            var has = (member?.Access ?? invitation!.Access)[field];
            var access = (member?.Access ?? invitation!.Access).With(
                field,
                [.. has.Where(w => w != word), .. change == WordChange.Given ? [word] : Array.Empty<string>()]
            );
            if (member is not null)
                member.Access = access;
            else
                invitation!.Access = access;
        }

        return answers.Done(200);
    }

    private VendorAnswer OfInvitations(
        DescribedChange change,
        ImmutableArray<DescribedSubject> subjects,
        RequestMatch match
    )
    {
        foreach (var (project, _, invitation) in subjects)
        {
            if (change.Kind == ActionKind.Revoke)
                project.Invitations.Remove(invitation!);
            else
                world.Setup.Mails.Send(invitation!.Email, project.Id);
            if (change.Kind == ActionKind.Replace)
                invitation!.Access = items.Access.Taken(match.Values, invitation.Access);
        }

        return Gone(change, subjects);
    }

    private VendorAnswer Remove(DescribedChange change, ImmutableArray<DescribedSubject> subjects)
    {
        if (!change.IsDirect && world.Api.Members.Above is null && subjects.Any(s => s.Member!.Inherited.Names.Any()))
            throw new DescribedRefusal(422, "the person has inherited access as well");
        foreach (var (project, member, _) in subjects)
        {
            member!.Access = SandboxAccess.None;
            if (!member.Inherited.Names.Any())
                project.Members.Remove(member);
        }

        return Gone(change, subjects);
    }

    // What takes something away answers without a body, unless the answer has to prove it.
    private VendorAnswer Gone(DescribedChange change, ImmutableArray<DescribedSubject> subjects) =>
        change.Kind is ActionKind.Revoke or ActionKind.Remove && change.Call.Proof is null or { Status: true }
            ? answers.Done(200)
            : answers.Done(200, Shown(change.Call, subjects));

    private JsonDraft Shown(DescribedCall call, IReadOnlyList<DescribedSubject> subjects)
    {
        var body = new JsonDraft();
        if (call.Then is { } then)
            body.Set(then.Made.Text, JsonDraft.Scalar(subjects[0].Invitation?.Id ?? subjects[0].Member!.Id));
        else if (call.Proof is not { Status: false } proof)
            body.Set(
                "",
                subjects[0].Member is { } member ? items.Member(member) : items.Invitation(subjects[0].Invitation!)
            );
        else if (proof.Items is { } at)
            body.Set(at.Text, new JsonArray([.. subjects.Select(s => Proof(new(), proof, s).Root)]));
        else
            Proof(body, proof, subjects[0]);
        return body;
    }

    private JsonDraft Proof(JsonDraft body, DescribedProof proof, DescribedSubject subject)
    {
        var (_, member, invitation) = subject;
        items.Access.Write(
            body,
            proof.Access,
            member?.Access ?? invitation!.Access,
            member?.Inherited ?? SandboxAccess.None
        );
        if (proof.Email is { } email)
            body.Set(email.Text, JsonValue.Create(member?.Account.Email ?? invitation!.Email));
        if (proof.Id is { } id)
            body.Set(id.Text, JsonDraft.Scalar(member?.Id ?? invitation!.Id));
        body.Fulfil(proof.Where);
        return body;
    }

    private IEnumerable<string> Emails(RequestMatch match)
    {
        if (match.Values.GetValueOrDefault("emails") is { } list)
            return list is JsonArray several
                ? several.Select(e => JsonDraft.TextOf(e) ?? "")
                : throw new DescribedRefusal(422, "the addresses must be a list");
        if ((match.Text("email") ?? match.Text("login")) is { } email)
            return [email];
        var id = match.Text("person.id") ?? throw new DescribedRefusal(422, "the body names nobody");
        return [world.Account(id)?.Email ?? throw new DescribedRefusal(422, $"there is no account {id}")];
    }

    internal static bool Fits(RequestMatch match, DescribedMember member) =>
        Is(match, "member.id", member.Id)
        && Is(match, "entry.id", member.Id)
        && Is(match, "member.person", member.Account.Id)
        && Is(match, "email", member.Account.Email)
        && Is(match, "login", member.Account.Email);

    private static bool Fits(RequestMatch match, DescribedInvitation invitation) =>
        Is(match, "invitation.id", invitation.Id)
        && Is(match, "entry.id", invitation.Id)
        && Is(match, "made.id", invitation.Id)
        && Is(match, "email", invitation.Email)
        && Is(match, "login", invitation.Email);

    private static bool Is(RequestMatch match, string placeholder, string value) =>
        match.Text(placeholder) is not { } text || text.Equals(value, StringComparison.OrdinalIgnoreCase);
}

using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;

namespace Reconciler.Core.Membership.Describing;

/// <summary>
/// Checks the calls that are steps of an action: those that give and take one word of access, and the one that sends
/// the mail after an account was made.
/// </summary>
internal sealed class WordCallCompiler(VendorDefinitionSpec spec, Problems problems)
{
    private const string Entry = "entry.id";
    private const string Made = "made.id";

    private static readonly string[] Persons = [Entry, "member.id", "member.person", "email", "login"];

    /// <summary>The calls of one word; null if there are none.</summary>
    public DescribedWordCalls? All()
    {
        var (give, take) = (spec.Calls.Give, spec.Calls.Take);
        if (give is null && take is null)
            return null;
        if (give is null || take is null)
        {
            problems.Error(
                spec.Calls.Origin,
                give is null ? "give" : "take",
                "is missing; expected both give and take, since a change may give some words and take others"
            );
            return null;
        }

        // Two fields would need to say which of them a call is about.
        if (spec.Access is not [{ Form: AccessFieldForm.Words, Name: { } field }])
        {
            problems.Error(
                give.Origin,
                "gives one word of a list; expected one field of the form words in spec.access, and no other"
            );
            return null;
        }

        var (giving, taking) = (Compile(give, field), Compile(take, field));
        var ofInvitations =
            spec.Invitations is not null && giving.Placeholders.Contains(Entry) && taking.Placeholders.Contains(Entry);
        Only(spec.Calls.Update);
        if (ofInvitations)
            Only(spec.Calls.Replace);
        return new(field, giving, taking, ofInvitations);

        void Only(CallDefinition? call)
        {
            if (call is not null)
                problems.Error(
                    call.Origin,
                    "means nothing beside give and take, which do the same; expected one of both"
                );
        }
    }

    /// <summary>The call that sends the mail to somebody whose account was just made.</summary>
    public DescribedMailCall Mail(MailCallDefinition call, ListCompiler lists)
    {
        var compiled = new DescribedCall(
            call.Method,
            PathCompiler.Compile(call.Path, call.Origin, [ListCompiler.Project, Made], problems),
            CallEffect.Mails
        )
        {
            Body = call.Body is null
                ? null
                : new BodyCompiler(spec, problems).Compile(call.Body.Origin, [ListCompiler.Project, Made]),
        };
        if (spec.Invitations is null || spec.Logins is not null)
            problems.Error(
                call.Origin,
                "needs the list of invitations, where a lost answer is looked up by the address; expected invitations, "
                    + "and no logins"
            );
        if (call.Path is not null && !compiled.Placeholders.Contains(Made))
            problems.Error(call.Origin, "names nobody; expected {made.id} in its path or body");
        return new(lists.Required(call, "made", call.Made), compiled);
    }

    private DescribedCall Compile(CallDefinition call, string field)
    {
        var word = $"access.{field}{DescribedWordCalls.Each}";
        string[] persons =
        [
            .. Persons.Where(p =>
                p switch
                {
                    "member.person" => spec.Members.Person is not null,
                    "email" => spec.Logins is null,
                    "login" => spec.Logins is not null,
                    _ => true,
                }
            ),
        ];
        string[] placeholders = [ListCompiler.Project, .. persons, word];
        var compiled = new DescribedCall(
            call.Method,
            PathCompiler.Compile(call.Path, call.Origin, placeholders, problems),
            call.Effect
        )
        {
            Body = call.Body is null ? null : new BodyCompiler(spec, problems).Compile(call.Body.Origin, placeholders),
        };
        foreach (var name in (string[])["proof", "batch", "destroys", "sent", "then", "reads"])
        {
            if (call.Origin[name] is { } at)
                problems.Error(at, "means nothing for a call of one word; expected no such field");
        }

        if (call.Path is null)
            return compiled;
        if (!compiled.Placeholders.Any(persons.Contains))
            problems.Error(
                call.Origin,
                "names nobody, so that it could change everybody; expected one of "
                    + $"{string.Join(", ", persons.Select(p => $"{{{p}}}"))} in its path or body"
            );
        if (!compiled.Placeholders.Contains(word))
            problems.Error(call.Origin, $"names no word; expected {{{word}}} in its path or body");
        string[] inProject = [ListCompiler.Project, Entry, "member.id"];
        if (spec.Members.Project is null && !compiled.Placeholders.Any(inProject.Contains))
            problems.Error(
                call.Origin,
                "names neither the project nor a membership in it; expected {project}, {entry.id} or {member.id}"
            );
        return compiled;
    }
}

using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Membership.Describing;

/// <summary>What a described vendor's API can do, and what stays manual.</summary>
internal sealed class CapabilityCompiler(VendorDefinitionSpec spec, VendorDescription description, Problems problems)
{
    private static readonly ActionKind[] OfInvitations = [ActionKind.Replace, ActionKind.Resend, ActionKind.Revoke];

    public Capabilities Capabilities() =>
        new()
        {
            InviteBatch = spec.Calls.Invite?.Batch ?? 1,
            NoDirectory = spec.Projects is null
                ? $"the definition of {spec.Title} has no call that lists projects, so each has to be named by its id"
                : null,
            Remains = spec.Remains,
            ReplacesInPlace = spec.Calls.Replace is not null || description.WordsFor(ActionKind.Replace) is not null,
            Manual = Manual(),
            Notes = Notes(),
            Destroys = Destroys(),
        };

    private ImmutableDictionary<ActionKind, string> Manual()
    {
        var manual = ImmutableDictionary.CreateBuilder<ActionKind, string>();
        var written = Actions("manual", spec.Manual);
        foreach (var kind in Enum.GetValues<ActionKind>())
        {
            var name = ActionWords.Of(kind);
            var text = written.GetValueOrDefault(kind);
            if (description.Calls.ContainsKey(kind) || description.WordsFor(kind) is not null)
            {
                if (text is not null)
                    problems.Error(
                        ((MappingNode)spec.Origin["manual"]!)[name]!,
                        $"says what a human does, and spec.calls has "
                            + $"{(description.Calls.ContainsKey(kind) ? name : "give and take")}; expected one of both"
                    );
            }
            else if (text is not null)
            {
                manual[kind] = text;
            }
            else if (spec.Invitations is null && OfInvitations.Contains(kind))
            {
                manual[kind] = $"{spec.Title} has no invitations";
            }
            else if (kind != ActionKind.Replace || !CanReplace)
            {
                problems.Error(
                    spec.Calls.Origin,
                    name,
                    $"is missing; expected the call, or spec.manual.{name} with what a human does instead"
                        + (kind == ActionKind.Replace ? ", or both invite and revoke" : "")
                );
            }
        }

        return manual.ToImmutable();
    }

    private bool CanReplace =>
        description.Calls.ContainsKey(ActionKind.Invite) && description.Calls.ContainsKey(ActionKind.Revoke);

    private ImmutableDictionary<ActionKind, string> Notes()
    {
        var notes = Actions("notes", spec.Notes).ToBuilder();
        foreach (var (kind, call) in description.Calls)
            Add(kind, call.Destroys);
        Add(ActionKind.Remove, description.RemoveDirect?.Destroys);
        return notes.ToImmutable();

        void Add(ActionKind kind, string? destroys)
        {
            if (destroys is null)
                return;
            var said = $"this also destroys {destroys}";
            notes[kind] = notes.TryGetValue(kind, out var note) ? $"{note}; {said}" : said;
        }
    }

    private ImmutableDictionary<ActionKind, string> Destroys()
    {
        var found = ImmutableDictionary.CreateBuilder<ActionKind, string>();
        foreach (var (kind, call) in description.Calls.Where(c => c.Value.Destroys is not null))
            found[kind] = call.Destroys!;
        if (description.RemoveDirect?.Destroys is { } direct)
            found[ActionKind.Remove] = direct;
        var invites = description.Calls.GetValueOrDefault(ActionKind.Invite)?.Destroys;
        // An action that is done by the calls of others destroys the same as they do.
        if (
            !description.Calls.ContainsKey(ActionKind.Replace)
            && description.WordsFor(ActionKind.Replace) is null
            && (description.Calls.GetValueOrDefault(ActionKind.Revoke)?.Destroys ?? invites) is { } replaced
        )
            found[ActionKind.Replace] = replaced;
        if (spec.Members.Above is not null && invites is not null)
            found.TryAdd(ActionKind.Update, invites);
        return found.ToImmutable();
    }

    private ImmutableDictionary<ActionKind, string> Actions(string field, IReadOnlyDictionary<string, string>? texts)
    {
        var read = ImmutableDictionary.CreateBuilder<ActionKind, string>();
        if (texts is null || spec.Origin[field] is not MappingNode mapping)
            return read.ToImmutable();
        var names = Enum.GetValues<ActionKind>().ToDictionary(ActionWords.Of, StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            if (!names.TryGetValue(entry.Name, out var kind))
                problems.Error(
                    entry.Key,
                    $"is no action; expected {string.Join(", ", names.Keys)}"
                        + ProblemText.DidYouMean(entry.Name, names.Keys)
                );
            else if (texts.TryGetValue(entry.Name, out var text))
                read[kind] = text;
        }

        return read.ToImmutable();
    }
}

using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>Writes to a project, as a description says.</summary>
internal sealed class DescribedWriter(
    DescribedApi api,
    Vendor vendor,
    KnownGrants known,
    DescribedNameLists names,
    DescribedPeopleList people,
    DescribedAccounts accounts
) : IProjectWriter
{
    private readonly VendorDescription _description = vendor.Description!;

    public async Task<WriteResult> ApplyAsync(
        DesiredProject project,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    )
    {
        var kind = actions[0].Kind;
        if (_description.WordsFor(kind) is { } words)
            return await Withdrawal.SendAsync(ChangeWordsAsync(project, words, actions[0], cancellation));
        if (kind == ActionKind.Replace && !_description.Calls.ContainsKey(kind))
            return await ReplaceAsync(project, actions, cancellation);
        var call = CallOf(kind, actions[0]);
        var sending = SendAsync(project, call, kind, actions, cancellation);
        // Where one of these is refused, the person may have accepted, or may be gone.
        return await (
            kind is ActionKind.Revoke or ActionKind.Remove or ActionKind.Replace
                ? Withdrawal.SendAsync(sending)
                : sending
        );
    }

    private DescribedCall CallOf(ActionKind kind, PlannedAction action) =>
        kind switch
        {
            ActionKind.Remove when action.Member!.HasInherited && _description.RemoveDirect is { } direct => direct,
            // Somebody whose access all comes from above has no membership here that could be changed.
            ActionKind.Update when action.Member!.IsInherited && _description.Members.Above is not null =>
                _description.Calls[ActionKind.Invite],
            _ => _description.Calls.GetValueOrDefault(kind) ?? throw new UnreachableException($"no plan holds {kind}"),
        };

    private async Task<WriteResult> ReplaceAsync(
        DesiredProject project,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    )
    {
        var (revoke, invite) = (_description.Calls[ActionKind.Revoke], _description.Calls[ActionKind.Invite]);
        ImmutableArray<PlannedAction> anew = [.. actions.Select(Replacement.Anew)];
        // Everything that can be refused without a request is checked before the old invitation is revoked.
        await ValuesAsync(project, invite, anew, cancellation);
        return await Replacement.SendAsync(
            Withdrawal.SendAsync(SendAsync(project, revoke, ActionKind.Revoke, actions, cancellation)),
            token => SendAsync(project, invite, ActionKind.Invite, anew, token)
        );
    }

    // One call for each word. New words are given first and old ones taken afterwards, so that the person always has
    // access. A cancellation stops only a change of which nothing is sent yet.
    private async Task<WriteResult> ChangeWordsAsync(
        DesiredProject project,
        DescribedWordCalls words,
        PlannedAction action,
        CancellationToken cancellation
    )
    {
        var field = _description.Fields[words.Field];
        ImmutableArray<string> wanted = [.. action.Access!.Grants.Words(words.Field)];
        ImmutableArray<string> has = [.. (action.Member?.Access ?? action.Invitation!.Access).Words(words.Field)];
        var steps = new WordSteps(
            api,
            EffectOf(words.Give, action.Kind),
            $"access.{words.Field}{DescribedWordCalls.Each}"
        );
        await AddAsync(words.Give, [.. wanted.Except(has)]);
        await AddAsync(words.Take, [.. has.Except(wanted)]);
        return await steps.SendAsync(cancellation);

        async Task AddAsync(DescribedCall call, ImmutableArray<string> changed)
        {
            if (changed.IsEmpty)
                return;
            var values = await ValuesAsync(project, call, [action], cancellation);
            foreach (var word in await SentAsync(project, call, field, changed, cancellation))
                steps.Add(call, values, word);
        }
    }

    private async Task<WriteResult> SendAsync(
        DesiredProject project,
        DescribedCall call,
        ActionKind kind,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    )
    {
        var values = await ValuesAsync(project, call, actions, cancellation);
        if (call.Then is { } then)
            return await new MailStep(api, _description).SendAsync(
                project.ProjectId,
                Address(actions[0]),
                token => api.SendAsync(call, Effect.Mails, name => values[name]?.DeepClone(), token),
                then,
                cancellation
            );
        var answer = await api.SendAsync(call, EffectOf(call, kind), name => values[name]?.DeepClone(), cancellation);
        return IsProved(call.Proof, answer, project, actions) ? WriteResult.Confirmed : WriteResult.ReadBack;
    }

    // A mail must never be repeated, whatever the definition says of the call.
    private static Effect EffectOf(DescribedCall call, ActionKind kind) =>
        kind is ActionKind.Invite or ActionKind.Replace or ActionKind.Resend ? Effect.Mails
        : call.Effect == CallEffect.Mails ? Effect.Mails
        : call.Effect == CallEffect.Transfers ? Effect.Transfers
        : Effect.IdempotentWrite;

    private async Task<Dictionary<string, JsonNode?>> ValuesAsync(
        DesiredProject project,
        DescribedCall call,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    )
    {
        var (action, values) = (actions[0], new Dictionary<string, JsonNode?>(StringComparer.Ordinal));
        var placeholders = call.Placeholders.Concat(call.Reads?.Path.SelectMany(s => s.Names) ?? []);
        foreach (var name in placeholders.Distinct(StringComparer.Ordinal).Where(n => !DescribedRead.Fills(n)))
        {
            values[name] = name switch
            {
                "project" => project.ProjectId,
                "email" => Address(action),
                "login" => Login(action),
                "emails" => new JsonArray([.. actions.Select(a => (JsonNode)Address(a))]),
                "person.id" => await PersonAsync(action, cancellation),
                "member.id" => action.Member!.MembershipId,
                "member.person" => action.Member!.PersonId ?? throw NothingSent(action, "the vendor has no id of them"),
                "invitation.id" => action.Invitation!.Id,
                "entry.id" => action.Member?.MembershipId ?? action.Invitation!.Id,
                _ => await AccessAsync(project, call, FieldOf(name), action, cancellation),
            };
        }

        await new ReadFirst(api).AddAsync(call, action, values, cancellation);
        return values;
    }

    // The placeholder of one word has the value of the whole field; the body repeats an item for each word of it.
    private static string FieldOf(string placeholder)
    {
        var end = placeholder.EndsWith(DescribedWordCalls.Each, StringComparison.Ordinal)
            ? DescribedWordCalls.Each.Length
            : 0;
        return placeholder["access.".Length..^end];
    }

    private static string AtVendor(PlannedAction a) => a.Member?.Email ?? a.Invitation?.Email ?? a.Email;

    // The vendor's own spelling is sent; a text that is no address could match nobody, or another person.
    private static string Address(PlannedAction action) =>
        AtVendor(action) is var email && EmailAddress.IsUsable(email)
            ? email
            : throw NothingSent(action, $"{ProblemText.Quote(email)} is no address");

    private static string Login(PlannedAction action) =>
        AtVendor(action) is var login && Core.Manifests.Values.Login.IsUsable(login)
            ? login
            : throw NothingSent(action, $"{ProblemText.Quote(login)} is no login");

    private async Task<JsonNode> PersonAsync(PlannedAction action, CancellationToken cancellation)
    {
        if (vendor.Logins is not null)
        {
            return accounts.Written(
                action.AccountId
                    ?? action.Member?.PersonId
                    ?? action.Invitation?.PersonId
                    ?? action.Person.UserId
                    ?? throw NothingSent(action, $"{vendor.Name} has no account with this login")
            );
        }

        if (await people.IdOfAsync(action.Email, cancellation) is { } account)
            return account.IsNumber && long.TryParse(account.Text, CultureInfo.InvariantCulture, out var number)
                ? number
                : account.Text;
        return action.Person.UserId
            ?? throw NothingSent(
                action,
                $"{vendor.Name} has no account, or several, with this address; make one there first"
            );
    }

    private async Task<JsonNode?> AccessAsync(
        DesiredProject project,
        DescribedCall call,
        string fieldName,
        PlannedAction action,
        CancellationToken cancellation
    )
    {
        var (field, access) = (_description.Fields[fieldName], action.Access!);
        if (field.Form != AccessForm.End && !access.Fields.Contains(fieldName))
            return null;
        ImmutableArray<string> words = [.. access.Grants.Words(fieldName)];
        if (field.Form == AccessForm.Flag)
            return !words.IsEmpty;
        var sent = await SentAsync(project, call, field, words, cancellation);
        return field.Form == AccessForm.Words ? new JsonArray([.. sent])
            : sent.Count == 0 ? null
            : sent[0];
    }

    private async Task<IReadOnlyList<JsonNode>> SentAsync(
        DesiredProject project,
        DescribedCall call,
        DescribedField field,
        ImmutableArray<string> words,
        CancellationToken cancellation
    ) =>
        field.Names is null
            ? [.. words.Select(w => Value(call, field, w))]
            : await names.IdsAsync(project.ProjectId, field, words, cancellation);

    private static JsonNode Value(DescribedCall call, DescribedField field, string word)
    {
        var sent = call.Sent.GetValueOrDefault(word) ?? field.Sent.GetValueOrDefault(word, word);
        return
            field.Numbers
            && long.TryParse(sent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : sent;
    }

    private bool IsProved(
        DescribedProof? proof,
        JsonItem? answer,
        DesiredProject project,
        IReadOnlyList<PlannedAction> actions
    )
    {
        if (proof is null)
            return false;
        if (proof.Status)
            return true;
        if (answer is null)
            return false;
        if (proof.Items is not { } at)
            return Shows(proof, answer, project, actions[0]);
        if (!at.TryFind(answer.Json, out var items) || items.ValueKind != JsonValueKind.Array)
            return false;
        var shown = items.EnumerateArray().Select(answer.Part).ToList();
        return actions.All(a => shown.Exists(i => Shows(proof, i, project, a)));
    }

    private bool Shows(DescribedProof proof, JsonItem answer, DesiredProject project, PlannedAction action)
    {
        if (!proof.Where.All(answer.Holds))
            return false;
        var asked = AtVendor(action);
        if (
            proof.Email is { } email
            && (
                string.IsNullOrEmpty(asked)
                || EmailAddress.KeyOf(answer.TextOrNone(email) ?? "") != EmailAddress.KeyOf(asked)
            )
        )
            return false;
        var changed = action.Member?.MembershipId ?? action.Invitation?.Id;
        if (proof.Id is { } id && (changed is null || answer.TextOrNone(id) != changed))
            return false;
        if (proof.Access.IsEmpty)
            return true;
        var read = new AccessWordsReader(vendor, known, names.Of(project.ProjectId)).Read(answer, proof.Access);
        return action.Access!.Matches(read.Access);
    }

    private static ProviderException NothingSent(PlannedAction action, string why) =>
        new(ProviderFault.Refused, $"nothing was sent for {action.Person.Label}: {why}");
}

using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>
/// Invites at vendors where one call makes an account and another one sends the mail. The mail is sent once.
/// </summary>
internal sealed class MailStep(DescribedApi api, VendorDescription description)
{
    /// <summary>Makes the account and sends the mail.</summary>
    /// <param name="project">The id of the project.</param>
    /// <param name="email">The address.</param>
    /// <param name="make">Makes the account.</param>
    /// <param name="then">The call that sends the mail.</param>
    /// <param name="cancellation">Cancels it before the account is made.</param>
    /// <exception cref="ProviderException">
    /// Nothing was done, or (<see cref="ProviderException.IsPartlyDone"/>) no mail is known to be out.
    /// </exception>
    public async Task<WriteResult> SendAsync(
        string project,
        string email,
        Func<CancellationToken, Task<JsonItem?>> make,
        DescribedMailCall then,
        CancellationToken cancellation
    )
    {
        JsonItem? answer = null;
        ProviderException? lost = null;
        try
        {
            answer = await make(cancellation);
        }
        catch (ProviderException fault) when (fault.Fault == ProviderFault.Ambiguous)
        {
            lost = fault;
        }

        // Without the answer, an invitation in the list shows that the account is made; its mail is not sent yet.
        var made =
            answer?.TextOrNone(then.Made)
            ?? await FindAsync(project, email)
            ?? throw lost
                ?? new ProviderException(
                    ProviderFault.Ambiguous,
                    "the vendor reports success, but neither its answer nor its list has the account; no mail was sent"
                );
        await MailAsync(project, made, then);
        return WriteResult.ReadBack;
    }

    private async Task MailAsync(string project, string made, DescribedMailCall then)
    {
        try
        {
            await api.SendAsync(
                then.Call,
                Effect.Mails,
                name => JsonValue.Create(name == "project" ? project : made),
                CancellationToken.None
            );
        }
        catch (ProviderException failure) when (failure.Fault != ProviderFault.Ambiguous)
        {
            throw new ProviderException(
                failure.Fault,
                $"the account is made, and no mail is out: {failure.Message}; the next reminder sends one",
                failure
            )
            {
                RetryAfter = failure.RetryAfter,
                IsPartlyDone = true,
            };
        }
    }

    private async Task<string?> FindAsync(string project, string email)
    {
        var list = description.Invitations!;
        try
        {
            var items = await api.ListAsync(list.List, project, list.Id, CancellationToken.None);
            return items
                .Where(i => DescribedInvitationLists.StateOf(i, list) == InvitationState.Pending)
                .FirstOrDefault(i => EmailAddress.KeyOf(i.TextOrNone(list.Email) ?? "") == EmailAddress.KeyOf(email))
                ?.Text(list.Id);
        }
        catch (ProviderException)
        {
            // Then it is not known whether the account is made.
            return null;
        }
    }
}

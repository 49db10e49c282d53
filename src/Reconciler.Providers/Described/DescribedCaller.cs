using System.Collections.Immutable;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>
/// Asks whose token it is before anything is listed. A wrong token may read a part of a list as nobody, with success,
/// and whoever is not in that part would be invited again, or would be overlooked when they leave.
/// </summary>
internal static class DescribedCaller
{
    /// <summary>Checks the token's user.</summary>
    /// <param name="api">The API.</param>
    /// <param name="vendor">The vendor.</param>
    /// <param name="actor">The keys of the account that Reconciler acts as; empty if the manifest does not say.</param>
    /// <param name="cancellation">Cancels waits.</param>
    /// <returns>The key of the user's address or login; null if the vendor does not tell.</returns>
    /// <exception cref="ProviderException">It is somebody else's token, or one that sees only a part.</exception>
    public static async Task<string?> CheckAsync(
        DescribedApi api,
        Vendor vendor,
        ImmutableHashSet<string> actor,
        CancellationToken cancellation
    )
    {
        if (vendor.Description!.WhoAmI is not { } call)
            return null;
        var answer = await api.GetAsync(call.Path, name => name, [], cancellation);
        foreach (var condition in call.SeesAll.Where(c => !answer.Holds(c)))
            throw new ProviderException(
                ProviderFault.Configuration,
                $"nothing proves that the token's user sees everybody at {vendor.Name} "
                    + $"({JsonItem.Shown(condition.At)} is not as seesAll asks); expected the token of an administrator"
            );
        if ((vendor.Logins is null ? call.Email : call.Login) is not { } at)
            return null;
        var what = vendor.Logins is null ? "address" : "login";
        if (answer.TextOrNone(at) is not { Length: > 0 } email)
            throw answer.Unreadable($"no {what} of the token's user at {JsonItem.Shown(at)}");

        var key = EmailAddress.KeyOf(email);
        if (!actor.IsEmpty && !actor.Contains(key))
            throw new ProviderException(
                ProviderFault.Configuration,
                $"the token is the one of {VendorText.Clean(email)}, and actingAs names somebody else; "
                    + (
                        vendor.Logins is null
                            ? "correct one of both, since whoever acts is never removed"
                            : "state that login in a Person with the address of actingAs, or leave actingAs out: "
                                + $"{vendor.Name} tells whose token it is"
                    )
            );
        return key;
    }

    /// <summary>Checks that the token's user sees everybody in a project.</summary>
    /// <param name="api">The API.</param>
    /// <param name="vendor">The vendor.</param>
    /// <param name="project">The vendor's id of the project.</param>
    /// <param name="cancellation">Cancels waits.</param>
    /// <exception cref="ProviderException">Nothing proves it.</exception>
    public static async Task CheckSightAsync(
        DescribedApi api,
        Vendor vendor,
        string project,
        CancellationToken cancellation
    )
    {
        if (vendor.Description!.SeesAll is not { } call)
            return;
        var answer = await api.GetAsync(call.Path, _ => project, [], cancellation);
        foreach (var condition in call.Where.Where(c => !answer.Holds(c)))
            throw new ProviderException(
                ProviderFault.Configuration,
                $"nothing proves that the token's user sees everybody in {VendorText.Clean(project)} "
                    + $"({JsonItem.Shown(condition.At)} is not as seesAll asks); "
                    + "expected the token of an administrator of the project"
            );
    }
}

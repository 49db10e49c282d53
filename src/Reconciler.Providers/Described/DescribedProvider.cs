using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>
/// Connects to a vendor that a VendorDefinition describes. Reader and writer are two objects, so that a reader cannot
/// be made to write.
/// </summary>
internal static class DescribedProvider
{
    /// <summary>Opens a connection, without sending anything yet.</summary>
    /// <param name="vendor">A vendor with a <see cref="Vendor.Description"/>.</param>
    /// <param name="settings">The settings of the connection.</param>
    public static ProviderConnection Connect(Vendor vendor, ConnectionSettings settings)
    {
        var description = vendor.Description!;
        var http = new VendorHttp(
            settings,
            new(description.TokenHeader, description.TokenPrefix, description.SecondHeader),
            [.. description.Refusals.Select(Meaning)]
        )
        {
            Headers = description.Headers,
        };
        var api = new DescribedApi(http, description, vendor.ProjectIds);
        var known = new KnownGrants(vendor);
        var names = new DescribedNameLists(api, vendor);
        var people = new DescribedPeopleList(api, description, settings.Clock);
        var accounts = new DescribedAccounts(api, description, settings.Clock);
        return new(
            new DescribedReader(api, vendor, known, names, people, accounts),
            () => new DescribedWriter(api, vendor, known, names, people, accounts),
            http
        )
        {
            Directory = description.Projects is { } projects ? new DescribedDirectory(api, vendor, projects) : null,
        };
    }

    private static AnswerMeaning Meaning(DescribedRefusal refusal) =>
        new(
            refusal.Status,
            refusal.At.Text,
            refusal.Is,
            refusal.Means == RefusalMeaning.NoSeat ? ProviderFault.NoSeat : ProviderFault.InvitationsSpent
        );
}

/// <summary>Lists the projects that the token can see.</summary>
internal sealed class DescribedDirectory(DescribedApi api, Vendor vendor, DescribedProjects projects)
    : IProjectDirectory
{
    public async Task<ImmutableArray<NamedPlace>> ListAsync(CancellationToken cancellation)
    {
        await DescribedCaller.CheckAsync(api, vendor, [], cancellation);
        var items = await api.ListAsync(projects.List, "", projects.Id, cancellation, isProse: true);
        return [.. items.Select(i => new NamedPlace(i.Text(projects.Id), i.TextOrNone(projects.Name)))];
    }
}

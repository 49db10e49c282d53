using Reconciler.Core.Membership;
using Reconciler.Testing.Contract;

namespace Reconciler.Providers.Tests;

public class CatalogTests
{
    [Fact]
    public void Vendors_in_code_stand_in_the_order_of_their_types() =>
        Assert.Equal(
            ["confident-ai", "equinix-metal", "gorules"],
            ProviderCatalog.All.Select(entry => entry.Vendor.Type)
        );

    [Theory]
    [InlineData("clarifeye", "permissions", "CAN_PERFORM_ADMIN_ACTIONS", true)]
    [InlineData("clarifeye", "permissions", "CAN_VIEW_DATA", false)]
    [InlineData("confident-ai", "role", "Manager", true)]
    [InlineData("confident-ai", "role", "Member", false)]
    [InlineData("equinix-metal", "roles", "owner", true)]
    [InlineData("equinix-metal", "roles", "billing", false)]
    [InlineData("gorules", "owner", "true", true)]
    [InlineData("gorules", "groups", "Editors", false)]
    public void Words_of_administration_are_each_vendors_own(string type, string field, string word, bool administers)
    {
        var words = ProgramVendors.Of(type).Access;
        Assert.Equal(administers, words.Administers(Access.Of([words.Grant(field, word)])));
    }

    [Fact]
    public void Every_published_url_is_https_and_ends_without_a_slash() =>
        Assert.All(
            ProgramVendors.All.SelectMany(vendor => vendor.PublishedUrls),
            url =>
            {
                Assert.Equal(Uri.UriSchemeHttps, new Uri(url).Scheme);
                Assert.False(url.EndsWith('/'));
            }
        );

    [Fact]
    public void What_a_vendor_cannot_do_is_said_with_what_to_do_instead()
    {
        Assert.Contains(
            "invitations.resendBy",
            ProgramVendors.Of("clarifeye").Capabilities.Manual[ActionKind.Resend],
            StringComparison.Ordinal
        );
        Assert.Contains(
            "the invitation to the organisation stays",
            ProgramVendors.Of("gorules").Capabilities.Notes[ActionKind.Revoke],
            StringComparison.Ordinal
        );
        Assert.Null(ProviderCatalog.Find("github"));
    }
}

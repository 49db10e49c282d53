using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Tests.Http;

/// <summary>What is sent in the place of an invitation that is revoked.</summary>
public sealed class ReplacementTests
{
    [Theory]
    [InlineData("octocat", "OctoCat", "583231")]
    [InlineData("octocat", "octocat-old", null)]
    public void The_account_of_the_old_invitation_is_asked_again_only_where_it_has_the_declared_name(
        string declared,
        string invited,
        string? account
    )
    {
        var old = new LiveInvitation("i-1", invited, Access.None, InvitationState.Pending, DateTimeOffset.UnixEpoch)
        {
            PersonId = "583231",
        };
        var person = new PersonIdentity(declared, null!);

        var anew = Replacement.Anew(
            new(ActionKind.Replace, Phase.Grant, person, "test") { Email = declared, Invitation = old }
        );

        Assert.Equal((declared, account), (anew.Email, anew.AccountId));
        Assert.Null(anew.Invitation);
    }

    [Fact]
    public void An_account_that_was_asked_for_already_counts() =>
        Assert.Equal(
            "7",
            Replacement
                .Anew(
                    new(ActionKind.Replace, Phase.Grant, new("octocat", null!), "test")
                    {
                        Email = "octocat",
                        AccountId = "7",
                        Invitation = new(
                            "i-1",
                            "octocat",
                            Access.None,
                            InvitationState.Pending,
                            DateTimeOffset.UnixEpoch
                        )
                        {
                            PersonId = "8",
                        },
                    }
                )
                .AccountId
        );
}

using System.Collections.Immutable;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Membership;

/// <summary>Compares two revisions, so that only changed projects are reconciled at once.</summary>
public static class DesiredChange
{
    /// <summary>Whether two revisions ask for the same in a project, ignoring the positions of lines.</summary>
    /// <param name="before">The project in the earlier revision.</param>
    /// <param name="after">The project in the later one.</param>
    public static bool IsNone(DesiredProject before, DesiredProject after) =>
        ReferenceEquals(before, after)
        || (
            before.Key == after.Key
            && before.Id == after.Id
            && IsSame(before.Provider, after.Provider)
            && before.Prune == after.Prune
            && before.DeletionPolicy == after.DeletionPolicy
            && before.Invitations == after.Invitations
            && before.Interval == after.Interval
            && before.Suspended == after.Suspended
            && before.DryRun == after.DryRun
            && before.AllowOwnerTransfer == after.AllowOwnerTransfer
            && before.Approval == after.Approval
            && before.IsDeleted == after.IsDeleted
            && before.Limits.Equals(after.Limits)
            && before.DeclaredLimits.Equals(after.DeclaredLimits)
            && before.Labels.SequenceEqual(after.Labels)
            && IsSame(before.Members, after.Members, IsSame)
            && IsSame(before.Removals, after.Removals, IsSame)
        );

    private static bool IsSame(DesiredProvider before, DesiredProvider after) =>
        before == after
        && before.BaseUrl == after.BaseUrl
        && before.Vendor.Description?.Digest == after.Vendor.Description?.Digest
        && NodeComparison.AreSame(before.Spec.Origin, after.Spec.Origin);

    private static bool IsSame(DesiredMember before, DesiredMember after) =>
        IsSame(before.Person, after.Person)
        && before.Access.Equals(after.Access)
        && before.ExpiresAt == after.ExpiresAt
        && before.Reason == after.Reason;

    private static bool IsSame(RequestedRemoval before, RequestedRemoval after) =>
        IsSame(before.Person, after.Person) && before.Reason == after.Reason;

    private static bool IsSame(PersonIdentity before, PersonIdentity after) =>
        before == after
        && before.Email?.Text == after.Email?.Text
        && before.UserId == after.UserId
        && before.Login?.Text == after.Login?.Text
        && before.Aliases.AsSpan().SequenceEqual(after.Aliases.AsSpan());

    private static bool IsSame<T>(ImmutableArray<T> before, ImmutableArray<T> after, Func<T, T, bool> isSame) =>
        before.Length == after.Length && Enumerable.Range(0, before.Length).All(i => isSame(before[i], after[i]));
}

using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// One person of a project with everything that the plan used: the declaration, the live state and the ledger's record.
/// </summary>
/// <param name="Person">The person.</param>
public sealed record PersonInProject(PersonIdentity Person)
{
    /// <summary>The declaration; null if the person is not declared.</summary>
    public DesiredMember? Declared { get; init; }

    /// <summary>The removal that a manifest asks for; null if none does.</summary>
    public RequestedRemoval? Requested { get; init; }

    /// <summary>The accounts that are members, the one that counts first.</summary>
    public ImmutableArray<LiveMember> Members { get; init; } = [];

    /// <summary>The invitations that wait, the newest first.</summary>
    public ImmutableArray<LiveInvitation> Invitations { get; init; } = [];

    /// <summary>The person's record in the ledger; null if there is none.</summary>
    public PersonRecord? Record { get; init; }

    /// <summary>The record of the mails of the newest invitation; null if there is none.</summary>
    public PersonRecord? Mails { get; init; }

    /// <summary>
    /// What the person is who is not managed, such as <c>a machine account</c>; null if the person is managed.
    /// </summary>
    public string? LeftAlone { get; init; }

    /// <summary>Returns everybody in a plan, in the order of their keys.</summary>
    /// <param name="plan">The plan of one project.</param>
    /// <param name="ledger">The ledger that the plan was made with.</param>
    /// <param name="now">When it was made.</param>
    public static ImmutableArray<PersonInProject> AllOf(ProjectPlan plan, ProjectLedger ledger, DateTimeOffset now)
    {
        var decision = new PersonDecision(plan.Project, ledger, now);
        return
        [
            .. CaseBuilder
                .Build(plan.Project, plan.Live, ledger)
                .OrderBy(c => c.Person.Key, StringComparer.Ordinal)
                .Select(c => Of(c, decision)),
        ];
    }

    private static PersonInProject Of(PersonCase person, PersonDecision decision) =>
        new(person.Person)
        {
            Declared = person.Declared,
            Requested = person.Requested,
            Members = person.Members.IsEmpty && person.MovedTo is { } moved ? [moved] : person.Members,
            Invitations = person.Pending,
            Record = person.Record,
            Mails = person.Mails,
            LeftAlone =
                Exceptions.WhyNotManaged(person, decision)
                ?? (person.Declared is null ? Exceptions.Protection(person, decision) : null),
        };
}

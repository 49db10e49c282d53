using System.Collections.Immutable;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;

namespace Reconciler.Core.Ports;

/// <summary>
/// Declared access that only the live vendor can judge: a role or group that it does not have, or does not give here.
/// </summary>
/// <param name="Field">The field of access, such as <c>role</c>.</param>
/// <param name="Word">The word in the manifest.</param>
/// <param name="Message">What is wrong, and what was expected.</param>
/// <param name="Members">Who is declared with it.</param>
public sealed record AccessProblem(string Field, string Word, string Message, ImmutableArray<DesiredMember> Members)
{
    /// <summary><c>file:line:column: field: message</c>; without lines, the person in their place.</summary>
    public override string ToString()
    {
        var places = Members.SelectMany(PlacesOf).Where(p => p.Line > 0).Distinct().Order().ToList();
        var more = places.Count - 1;
        var where =
            places.Count == 0 ? Members.Select(m => m.Person.Label).FirstOrDefault()
            : more == 0 ? places[0].ToString()
            : $"{places[0]} (and {TextNames.Count(more, "more place", "more places")})";
        return where is null ? $"{Field}: {Message}" : $"{where}: {Field}: {Message}";
    }

    // The word stands in the AccessRole, where the entry names one.
    private static IEnumerable<Position> PlacesOf(DesiredMember member) =>
        member.Access.Places.IsEmpty ? member.Declared.Take(1) : member.Access.Places;
}

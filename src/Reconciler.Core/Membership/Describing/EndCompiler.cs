using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;

namespace Reconciler.Core.Membership.Describing;

/// <summary>Checks the field of a definition that holds the day on which the vendor ends access by itself.</summary>
internal sealed class EndCompiler(VendorDefinitionSpec spec, Problems problems)
{
    private static readonly string[] OfEnds = ["inclusive", "zone"];

    private static readonly string[] OfOthers =
    [
        "known",
        "open",
        "admin",
        "required",
        "notManagedWhenAbsent",
        "descriptive",
        "names",
        "sent",
        "received",
        "numbers",
    ];

    /// <summary>Returns the end; null if there is none, or it is broken.</summary>
    public AccessEnd? Compile()
    {
        var ends = spec.Access.Where(f => f.Form == AccessFieldForm.End).ToList();
        if (ends.Count > 1)
            problems.Error(
                ends[1].Origin.At("form"),
                "is a second end; expected one, since a person's access ends once"
            );
        if (ends.Count == 0)
            return null;
        var end = ends[0];
        foreach (var name in OfOthers.Where(end.Origin.Has))
            problems.Error(end.Origin.At(name), "means nothing for an end; expected no such field");
        foreach (var name in OfEnds.Where(n => !end.Origin.Has(n)))
            problems.Error(end.Origin, name, "is missing; expected it for an end, or access could end a day early");
        // Everybody of a part has one word, and nobody shares a day.
        if (spec.Members.Parts is { Count: > 0 })
            problems.Error(end.Origin.At("form"), "is an end, which members.parts cannot read; expected one list");
        return end is { Name: { } called, Inclusive: { } inclusive, Zone: { } zone }
            ? new(called, inclusive, OffsetOf(zone))
            : null;
    }

    /// <summary>Checks that a field of another form has nothing that belongs to an end.</summary>
    /// <param name="field">The field.</param>
    /// <param name="problems">Gets every problem found.</param>
    public static void CheckOther(AccessFieldDefinition field, Problems problems)
    {
        foreach (var name in OfEnds.Where(field.Origin.Has))
            problems.Error(field.Origin.At(name), "belongs to the form end; expected no such field");
    }

    private static TimeSpan OffsetOf(string zone)
    {
        var offset = TimeSpan.ParseExact(zone[1..], @"hh\:mm", CultureInfo.InvariantCulture);
        return zone[0] == '-' ? -offset : offset;
    }
}

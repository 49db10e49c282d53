using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Membership;
using static Reconciler.Manifests.Schemas.MarkdownText;

namespace Reconciler.Manifests.Schemas;

/// <summary>The page that lists what each vendor's API can do and what stays manual.</summary>
/// <param name="vendors">The vendors.</param>
internal sealed class CapabilityPage(ImmutableArray<Vendor> vendors)
{
    private static readonly ActionKind[] Kinds = Enum.GetValues<ActionKind>();

    /// <summary>Writes the page.</summary>
    public string Write()
    {
        var page = new MarkdownText()
            .Heading(1, "Providers")
            .Paragraph(
                "<!-- Generated from the vendors' capabilities; "
                    + "the test Generated_files_are_current says how to renew it. -->"
            )
            .Paragraph(
                "What each vendor's API can do. What it cannot do becomes a *manual* item of the plan, with the "
                    + "step for a human. `reconciler show providers` prints this page, as text."
            )
            .Table(["vendor", .. Kinds.Select(k => k.ToString().ToLowerInvariant())], vendors.Select(Row));
        foreach (var vendor in vendors)
        {
            page.Heading(2, vendor.Name);
            foreach (var kind in Kinds)
            {
                if (vendor.Capabilities.Manual.TryGetValue(kind, out var step))
                    page.Paragraph($"- **{kind.ToString().ToLowerInvariant()}** is manual: {Escape(step)}.");
                if (vendor.Capabilities.Notes.TryGetValue(kind, out var note))
                    page.Paragraph($"- **{kind.ToString().ToLowerInvariant()}**: {Escape(note)}.");
            }

            page.Paragraph($"- **projects**: {Escape(vendor.Capabilities.NoDirectory ?? "are listed by the API")}.");
            if (vendor.Capabilities.Remains is { } remains)
                page.Paragraph($"- **offboard** leaves to a human: {Escape(remains)}.");
            var (fields, batch) = (vendor.Access.Fields.Select(f => Code(f.Name)), vendor.Capabilities.InviteBatch);
            page.Paragraph(
                $"- **access** has the fields {string.Join(", ", fields)}; "
                    + (
                        batch == 1
                            ? "one invitation a call."
                            : string.Create(CultureInfo.InvariantCulture, $"up to {batch} invitations a call.")
                    )
            );
            page.Paragraph(
                $"[{(vendor.Description is null ? "Setup and details" : "Its definition")}]({Link(vendor)})"
            );
        }

        return page.ToString();
    }

    // The comment at the top of a definition says how to set the vendor up.
    private static string Link(Vendor vendor) =>
        vendor.Description is null ? $"../providers/{vendor.Type}.md" : $"../../vendors/{vendor.Type}.yaml";

    private static IReadOnlyList<string> Row(Vendor vendor) =>
        [
            $"[{Escape(vendor.Name)}]({Link(vendor)})",
            .. Kinds.Select(k => vendor.Capabilities.Can(k) ? "yes" : "manual"),
        ];
}

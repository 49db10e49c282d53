using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>
/// Prints what each vendor's API can do and what is manual, from the same data as the manual items of a plan.
/// </summary>
public static class ProviderTable
{
    /// <summary>The actions with the names of their columns.</summary>
    internal static ImmutableArray<(ActionKind Kind, string Name)> Columns { get; } =
    [.. Enum.GetValues<ActionKind>().Select(k => (k, k.ToString().ToLowerInvariant()))];

    /// <summary>Prints the table, then the manual steps where the API has no call, and other notes.</summary>
    public static void Write(TextWriter output, Palette palette, ImmutableArray<Vendor> vendors)
    {
        var width = vendors.Max(v => v.Type.Length);
        output.WriteLine(
            palette.Strong($"{"vendor".PadRight(width)}  {string.Join("  ", Columns.Select(c => c.Name.PadRight(7)))}")
        );
        foreach (var vendor in vendors)
        {
            var cells = Columns.Select(c => Cell(vendor.Capabilities, c.Kind, palette));
            output.WriteLine($"{vendor.Type.PadRight(width)}  {string.Join("  ", cells)}".TrimEnd());
        }

        foreach (var vendor in vendors)
        {
            output.WriteLine($"\n{palette.Strong(Name(vendor))}");
            foreach (var (kind, name) in Columns)
            {
                if (vendor.Capabilities.Manual.TryGetValue(kind, out var step))
                    output.WriteLine($"  {name}: {palette.Changed("manual")}: {TerminalText.Escape(step)}.");
                if (vendor.Capabilities.Notes.TryGetValue(kind, out var note))
                    output.WriteLine($"  {name}: {TerminalText.Escape(note)}.");
            }

            output.WriteLine(
                vendor.Capabilities.NoDirectory is { } why
                    ? $"  projects: {palette.Changed("manual")}: {TerminalText.Escape(why)}."
                    : "  projects: are listed by the API."
            );
            if (vendor.Capabilities.Remains is { } remains)
                output.WriteLine($"  offboard: {palette.Changed("manual")}: {TerminalText.Escape(remains)}.");
            var batch = vendor.Capabilities.InviteBatch;
            var invitations = batch == 1 ? "one invitation a call" : $"up to {batch} invitations a call";
            output.WriteLine(
                $"  access: {string.Join(", ", vendor.Access.Fields.Select(f => f.Name))}; {invitations}."
            );
            output.WriteLine($"  where: {Where(vendor)}");
        }
    }

    /// <summary>The base URLs of a vendor, in words.</summary>
    /// <param name="vendor">The vendor.</param>
    internal static string Where(Vendor vendor) =>
        vendor.PublishedUrls.IsEmpty
            ? "a URL of each customer's own; its host needs --allow-host"
            : string.Join(", ", vendor.PublishedUrls);

    private static string Name(Vendor vendor) =>
        TerminalText.Escape(vendor.Name) + (vendor.Description is null ? "" : " (described by a VendorDefinition)");

    private static string Cell(Capabilities capabilities, ActionKind kind, Palette palette) =>
        capabilities.Can(kind) ? palette.Good("yes".PadRight(7)) : palette.Changed("manual".PadRight(7));
}

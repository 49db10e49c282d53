using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>Prints one vendor: its access, its lists, and for each action the call or what stays manual.</summary>
/// <param name="output">Where to.</param>
/// <param name="palette">The colours.</param>
public sealed class VendorSummary(TextWriter output, Palette palette)
{
    /// <summary>Prints a vendor.</summary>
    /// <param name="vendor">The vendor.</param>
    /// <param name="origin">Where it comes from, such as <c>vendors/redmine.yaml:3:1</c> or <c>built in</c>.</param>
    public void Write(Vendor vendor, string origin)
    {
        output.WriteLine(
            $"{palette.Strong(TerminalText.Escape($"{vendor.Type}: {vendor.Name}"))} ({TerminalText.Escape(origin)})"
        );
        Line("where", ProviderTable.Where(vendor));
        Line("people are known by", Known(vendor));
        if (vendor.Description is { } description)
            Described(description);
        output.WriteLine("  access:");
        foreach (var field in vendor.Access.Fields)
            Below(field.Name, Field(field, vendor.Description?.Fields.GetValueOrDefault(field.Name)));
        if (vendor.Access.End is { } end)
            Below(end.Name, End(end));
        if (vendor.Description is { } described)
            Lists(described);
        output.WriteLine("  actions:");
        foreach (var (kind, name) in ProviderTable.Columns)
            Action(vendor, kind, name);
        if (vendor.Description?.RemoveDirect is { } direct)
            Below("removeDirect (keeps what is inherited)", CallText.Of(direct, vendor.Description.ClosedPaths));
        if (vendor.Capabilities.Remains is { } remains)
            Line("offboard leaves to a human", remains);
    }

    private void Described(VendorDescription description)
    {
        var prefix = description.TokenPrefix.Length == 0 ? "" : $", after \"{description.TokenPrefix}\"";
        var second = description.SecondHeader is { } header
            ? $"; its second key, behind a colon, in the header {header}"
            : "";
        Line("token", $"in the header {description.TokenHeader}{prefix}{second}");
        if (description.Members.Project is { } project)
            Line("project", $"the token's own: each member has its id at {project.Text}");
        foreach (var (name, value) in description.Headers)
            Line("header", $"{name}: {value}");
        if (description.Success is { } success)
            Line("an answer reports success", $"where {CallText.Of(success)}");
        if (description.SeesAll is { } sight)
            Line(
                "sees everybody in a project",
                $"GET {CallText.Path(sight.Path, description.ClosedPaths)}, "
                    + $"where {string.Join(" and ", sight.Where.Select(CallText.Of))}"
            );
        Line(
            "whose token it is",
            description.WhoAmI is { } who
                ? $"GET {CallText.Path(who.Path, description.ClosedPaths)}{Proof(who, description.SeesAll is not null)}"
                : "not asked, so a wrong token goes unnoticed where the vendor answers it all the same"
        );
    }

    private static string Known(Vendor vendor) =>
        vendor.Logins is not { } logins
            ? "their addresses"
            : (logins.CaseCounts ? "their logins; upper and lower case differ" : "their logins")
                + (logins.FindsAccounts ? "" : "; a login cannot be checked before the invitation");

    private static string Proof(DescribedWhoAmI who, bool eachProjectProvesIt) =>
        (who.Email is { } email ? $", address at {email.Text}" : "")
        + (who.Login is { } login ? $", login at {login.Text}" : "")
        + (
            !who.SeesAll.IsEmpty ? $"; sees everybody where {string.Join(" and ", who.SeesAll.Select(CallText.Of))}"
            : eachProjectProvesIt ? ""
            : "; nothing proves that its user sees everybody"
        );

    private void Lists(VendorDescription description)
    {
        output.WriteLine("  lists:");
        var closed = description.ClosedPaths;
        if (description.Members.Parts.IsEmpty)
            Below("members", CallText.Of(description.Members.List, closed));
        foreach (var part in description.Members.Parts)
        {
            var words = part.Words.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => w.Value);
            Below($"members, {string.Join(", ", words)}", CallText.Of(part.List, closed));
        }

        if (description.Members.Above is { } above)
            Below("members, with access from above", CallText.Of(above, closed));
        Below(
            "invitations",
            description.Invitations is { } invitations
                ? CallText.Of(invitations.List, closed)
                : "none: who is added is a member at once"
        );
        if (description.Invitations?.Failed is { } failed)
            Below("invitations that failed", CallText.Of(failed.List, closed));
        Below(
            "projects",
            description.Projects is { } projects ? CallText.Of(projects.List, closed) : "none: each is named by its id"
        );
        if (description.People is { } people)
            Below("people", CallText.Of(people.List, closed));
        foreach (var (name, names) in description.Names.OrderBy(n => n.Key, StringComparer.Ordinal))
            Below($"names.{name}", CallText.Of(names.List, closed));
    }

    private static string Field(AccessField field, DescribedField? described)
    {
        var form = field.Form switch
        {
            AccessForm.Flag => "true or false",
            AccessForm.Word => "one word",
            _ => "a list of words",
        };
        var known = string.Join(", ", field.Known);
        string[] parts =
        [
            form + (field.Required ? ", required" : ""),
            field.Form == AccessForm.Flag ? ""
            : known.Length == 0 ? "any word that the vendor knows"
            : field.Open ? $"{known}, and others that the vendor knows"
            : known,
            field.Admin.IsEmpty ? "" : $"administrative: {string.Join(", ", field.Admin)}",
            field.Descriptive ? "gives no access by itself" : "",
            field.LeftAloneWhenAbsent ? "not managed where it is absent" : "",
            described?.Names is { } names ? $"sent as ids of names.{names}" : "",
            described is { Sent.IsEmpty: false } ? $"sent as {Pairs(described.Sent)}" : "",
        ];
        return string.Join("; ", parts.Where(p => p.Length > 0));
    }

    private static string End(AccessEnd end) =>
        "the day on which the vendor ends access by itself, from expiresAt; "
        + (end.IsInclusive ? "access ends when it is over" : "access ends when it begins")
        + $" in the zone {(end.Zone < TimeSpan.Zero ? '-' : '+')}{end.Zone:hh\\:mm}";

    private static string Pairs(ImmutableDictionary<string, string> words) =>
        string.Join(", ", words.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => $"{w.Key} = {w.Value}"));

    private void Action(Vendor vendor, ActionKind kind, string name)
    {
        if (vendor.Capabilities.Manual.TryGetValue(kind, out var step))
            output.WriteLine($"    {name}: {palette.Changed("manual")}: {TerminalText.Escape(step)}");
        else if (vendor.Description is not { } description)
            Below(name, "yes");
        else if (description.WordsFor(kind) is { } words)
            Below(name, CallText.Of(words, description.ClosedPaths));
        else if (description.Calls.GetValueOrDefault(kind) is not { } call)
            Below(name, "revoke, and then invite");
        else
            Below(name, CallText.Of(call, description.ClosedPaths) + Batch(vendor, kind));
        if (vendor.Capabilities.Notes.TryGetValue(kind, out var note))
            output.WriteLine(palette.Quiet($"      note: {TerminalText.Escape(note)}"));
    }

    private static string Batch(Vendor vendor, ActionKind kind) =>
        kind == ActionKind.Invite && vendor.Capabilities.InviteBatch > 1
            ? string.Create(CultureInfo.InvariantCulture, $"; up to {vendor.Capabilities.InviteBatch} people a call")
            : "";

    private void Line(string name, string text) => output.WriteLine($"  {name}: {TerminalText.Escape(text)}");

    private void Below(string name, string text) =>
        output.WriteLine($"    {TerminalText.Escape(name)}: {TerminalText.Escape(text)}");
}

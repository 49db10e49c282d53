using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Reconciler.Core.Importing;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Manifests.Writing;

/// <summary>A file of manifests to be written.</summary>
/// <param name="Path">The path below the output folder, with forward slashes.</param>
/// <param name="Text">The content.</param>
public sealed record ManifestFile(string Path, string Text);

/// <summary>
/// Writes drafts as manifests: one file per project, one for the proposed teams and one for the proposed roles. Each
/// person is on one line.
/// </summary>
/// <param name="draft">The draft.</param>
public sealed class ManifestText(ImportDraft draft)
{
    private const string Indent = "  ";

    /// <summary>The folder of projects below the connection's own.</summary>
    public const string Projects = "projects";

    /// <summary>Returns the proposed roles; null if there are none.</summary>
    public string? Roles() =>
        draft.Roles.IsEmpty
            ? null
            : Documents(
                draft.Roles.Select(role =>
                    new StringBuilder()
                        .Append(
                            "# Proposed: the same access stands in several places. "
                                + "Give the role the name that people use, here and where it is named.\n"
                        )
                        .Append(Head(nameof(AccessRole), role.Name))
                        .Append("spec:\n  access:\n    ")
                        .Append(draft.Provider.Vendor.Type)
                        .Append(": ")
                        .Append(Access(role.Access))
                        .Append('\n')
                )
            );

    /// <summary>Returns the proposed teams; null if there are none.</summary>
    public string? Teams() => draft.Teams.IsEmpty ? null : Documents(draft.Teams.Select(Team));

    /// <summary>A project's document.</summary>
    public string Project(ProjectDraft project)
    {
        var text = new StringBuilder();
        if (project.Place.Name is { } name)
            Line(text, 0, $"# {YamlText.Comment(name)}");
        text.Append(Head(nameof(ProjectMembership), project.Name));
        Line(text, 0, "spec:");
        Line(text, 1, $"provider: {draft.Provider.Name}");
        Line(text, 1, $"projectId: {YamlText.Scalar(project.Place.Id)}");
        Line(
            text,
            1,
            "# Nobody is removed yet: people who are not declared below are listed by plan. To tighten, write"
        );
        Line(
            text,
            1,
            "# owned (whom Reconciler let in goes with their entry) or all (everybody who is not declared goes)."
        );
        Line(text, 1, "prune: never");
        Line(text, 1, project.Entries.IsEmpty ? "members: []" : "members:");
        foreach (var entry in project.Entries)
            Line(text, 1, $"- {Entry(entry)}");
        foreach (var person in project.LeftOut)
            Line(text, 1, $"# not declared: {YamlText.Comment(person.Person)} {YamlText.Comment(person.Reason)}");
        return text.ToString();
    }

    private StringBuilder Team(TeamDraft team)
    {
        var text = new StringBuilder();
        Line(text, 0, $"# Proposed: these people have the same access in {string.Join(", ", team.Projects)}.");
        Line(text, 0, "# Give the team the name that people use, here and where it is named.");
        text.Append(Head(nameof(Reconciler.Core.Manifests.Kinds.Team), team.Name));
        Line(text, 0, "spec:");
        Line(text, 1, "members:");
        foreach (var (field, value, id) in team.Members)
            Line(text, 1, $"- {{{field}: {YamlText.Scalar(value)}{Pin(id)}}}");
        return text;
    }

    private string Head(string kind, string name)
    {
        var text = new StringBuilder();
        Line(text, 0, $"apiVersion: {Manifest.ApiVersion}");
        Line(text, 0, $"kind: {kind}");
        Line(text, 0, "metadata:");
        Line(text, 1, $"name: {YamlText.Scalar(name)}");
        if (draft.Namespace != "default")
            Line(text, 1, $"namespace: {YamlText.Scalar(draft.Namespace)}");
        return text.ToString();
    }

    private string Entry(EntryDraft entry)
    {
        var grant = entry.Role is { } role ? $"role: {YamlText.Scalar(role)}" : $"access: {Access(entry.Access)}";
        var waits = entry.InvitedAt is { } at
            ? string.Create(CultureInfo.InvariantCulture, $"  # invited {at.UtcDateTime:yyyy-MM-dd}, not accepted yet")
            : "";
        var ends = entry.ExpiresAt is { } end ? $", expiresAt: {Expiry.TextOf(end)}" : "";
        return $"{{{entry.Field}: {YamlText.Scalar(entry.Value)}{Pin(entry.Id)}, {grant}{ends}}}{waits}";
    }

    private static string Pin(string? id) => id is null ? "" : $", id: {YamlText.Scalar(id)}";

    private string Access(Access access)
    {
        var fields = draft
            .Provider.Vendor.Access.Fields.Select(field =>
                (Field: field, Words: access.Words(field.Name).ToImmutableArray())
            )
            .Where(f => !f.Words.IsEmpty);
        return $"{{{string.Join(", ", fields.Select(f => $"{f.Field.Name}: {Words(f.Field, f.Words)}"))}}}";
    }

    private static string Words(AccessField field, ImmutableArray<string> words) =>
        field.Form switch
        {
            AccessForm.Flag => words[0],
            AccessForm.Word => YamlText.Scalar(words[0]),
            _ => $"[{string.Join(", ", words.Select(YamlText.Scalar))}]",
        };

    private static string Documents(IEnumerable<StringBuilder> documents) => string.Join("---\n", documents);

    private static void Line(StringBuilder text, int depth, string line)
    {
        for (var i = 0; i < depth; i++)
            text.Append(Indent);
        text.Append(line).Append('\n');
    }
}

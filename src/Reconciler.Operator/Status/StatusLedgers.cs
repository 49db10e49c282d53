using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership;

namespace Reconciler.Operator.Status;

/// <summary>
/// The ledgers in a membership's status: that of the project it declares, then those of projects that it declared
/// before.
/// </summary>
internal static class StatusLedgers
{
    /// <summary>Reads them.</summary>
    /// <param name="server">The status on the server; null where there is none.</param>
    /// <param name="version">The version that each ledger gets.</param>
    /// <returns>The ledgers, and the project that is declared; null where none is known.</returns>
    /// <exception cref="JsonException">A ledger is not as the operator writes it.</exception>
    public static (ImmutableArray<ProjectLedgerEntry> Entries, ProjectKey? Declared) Read(
        JsonElement? server,
        long version
    )
    {
        ImmutableArray<ProjectLedgerEntry> entries = [];
        ProjectKey? declared = null;
        if (server is not { ValueKind: JsonValueKind.Object } status)
            return (entries, declared);
        if (status.TryGetProperty("project", out var project) && status.TryGetProperty("ledger", out var ledger))
        {
            var entry = Entry(project, ledger, version);
            (entries, declared) = ([entry], entry.Project);
        }

        if (!status.TryGetProperty("former", out var former))
            return (entries, declared);
        foreach (var one in former.EnumerateArray())
            entries = entries.Add(Entry(one.GetProperty("project"), one.GetProperty("ledger"), version));
        return (entries, declared);
    }

    /// <summary>Writes the key and the name of a project.</summary>
    public static JsonObject ProjectOf(ProjectLedgerEntry entry)
    {
        var project = new JsonObject
        {
            ["type"] = entry.Project.VendorType,
            ["baseUrl"] = entry.Project.BaseUrl,
            ["projectId"] = entry.Project.ProjectId,
        };
        if (entry.Name is { } name)
            project["name"] = name;
        return project;
    }

    private static ProjectLedgerEntry Entry(JsonElement project, JsonElement ledger, long version)
    {
        var key = new ProjectKey(
            Word(project, "type"),
            AccountUrl.Normal(Word(project, "baseUrl")),
            Word(project, "projectId")
        );
        return LedgerStatus.Read(key, ledger) with
        {
            Name = project.TryGetProperty("name", out var name) ? name.GetString() : null,
            Version = version,
        };
    }

    private static string Word(JsonElement of, string name) =>
        of.GetProperty(name).GetString() ?? throw new JsonException($"a project without its {name}");
}

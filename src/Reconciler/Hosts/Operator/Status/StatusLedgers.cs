using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership;

namespace Reconciler.Hosts.Operator.Status;

/// <summary>The ledgers in a membership's status: that of the project it declares, then those of projects that it declared before.</summary>
internal static class StatusLedgers
{
    /// <summary>Reads them.</summary>
    /// <param name="server">The status on the server; null where there is none.</param>
    /// <param name="version">The version that each slot gets.</param>
    /// <returns>The slots, and the project that is declared; null where none is remembered.</returns>
    /// <exception cref="JsonException">A ledger is not as the operator writes it.</exception>
    public static (ImmutableArray<ProjectLedgerEntry> Slots, ProjectKey? Current) Read(
        JsonElement? server,
        long version
    )
    {
        ImmutableArray<ProjectLedgerEntry> slots = [];
        ProjectKey? current = null;
        if (server is not { ValueKind: JsonValueKind.Object } status)
            return (slots, current);
        if (status.TryGetProperty("project", out var project) && status.TryGetProperty("ledger", out var ledger))
        {
            var slot = Slot(project, ledger, version);
            (slots, current) = ([slot], slot.Project);
        }

        if (!status.TryGetProperty("former", out var former))
            return (slots, current);
        foreach (var one in former.EnumerateArray())
            slots = slots.Add(Slot(one.GetProperty("project"), one.GetProperty("ledger"), version));
        return (slots, current);
    }

    /// <summary>How a status names a project.</summary>
    public static JsonObject ProjectOf(ProjectLedgerEntry slot)
    {
        var project = new JsonObject
        {
            ["type"] = slot.Project.VendorType,
            ["baseUrl"] = slot.Project.BaseUrl,
            ["projectId"] = slot.Project.ProjectId,
        };
        if (slot.Name is { } name)
            project["name"] = name;
        return project;
    }

    private static ProjectLedgerEntry Slot(JsonElement project, JsonElement ledger, long version)
    {
        var url = AccountUrl.Normal(project.GetProperty("baseUrl").GetString()!);
        var key = new ProjectKey(
            project.GetProperty("type").GetString()!,
            url,
            project.GetProperty("projectId").GetString()!
        );
        return LedgerStatus.Read(key, ledger) with
        {
            Name = project.TryGetProperty("name", out var name) ? name.GetString() : null,
            Version = version,
        };
    }
}

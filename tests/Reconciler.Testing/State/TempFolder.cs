using Microsoft.Data.Sqlite;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.State;

namespace Reconciler.Testing.State;

/// <summary>A folder with a state file, removed with everything in it.</summary>
public sealed class TempFolder : IDisposable
{
    public static readonly ProjectKey Project = new("acme", "https://api.acme.example/", "p1");
    public static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-state-");

    public string Path => _folder.FullName;

    public string File => At("state.db");

    public string At(string path) => System.IO.Path.Combine(Path, path);

    public StateStore Open(StateSchema? schema = null) => StateStore.OpenOrCreate(File, schema: schema);

    /// <summary>The file as any other program sees it.</summary>
    public SqliteConnection Raw(string? file = null)
    {
        var connection = new SqliteConnection($"Data Source={file ?? File};Pooling=False;Default Timeout=1");
        connection.Open();
        return connection;
    }

    public static ProjectLedger Of(params IEnumerable<PersonRecord> people) =>
        ProjectLedger.Empty with
        {
            People = [.. people],
        };

    public static AuditEntry Entry(
        string person,
        string action = "invite",
        AuditOutcome outcome = AuditOutcome.Done,
        DateTimeOffset? at = null
    ) =>
        new(at ?? Now, Project, "default/evals", action, outcome)
        {
            Person = person,
            CountsAsRemoval = action == "remove",
        };

    public void Dispose() => _folder.Delete(recursive: true);
}

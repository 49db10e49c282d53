using System.Data.Common;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.State;

namespace Reconciler.Testing.State;

/// <summary>One empty state, for tests that hold for every kind of state.</summary>
public abstract class StateBench : IDisposable
{
    /// <summary>Where it is, as <c>--state</c> names it.</summary>
    public abstract string Place { get; }

    /// <summary>Opens it to write.</summary>
    public StateStore Open() => StateStore.OpenOrCreate(Place);

    /// <summary>Opens it to read.</summary>
    public StateStore Read() => StateStore.OpenExisting(Place)!;

    /// <summary>The state as any other program sees it.</summary>
    public abstract DbConnection Connect();

    /// <summary>Runs a statement as any other program would.</summary>
    public void Run(string statement)
    {
        using var connection = Connect();
        Run(connection, statement);
    }

    /// <summary>Runs a statement over a connection that goes on.</summary>
    public static void Run(DbConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    /// <summary>Returns the first column of a query, as text.</summary>
    public List<string> Column(string query)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read())
            values.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!);
        return values;
    }

    /// <summary>Adds an entry for each person to the trail of a project's account.</summary>
    public async Task AppendAsync(ProjectKey project, params IEnumerable<string> people)
    {
        using var store = Open();
        var entries = people
            .Select(p =>
                TempFolder.Entry(p) with
                {
                    Project = project,
                    Origin = new() { Actor = "ana", Host = "laptop" },
                }
            )
            .ToList();
        var before = await store.LoadAsync(project, TestContext.Current.CancellationToken);
        await store.SaveAsync(
            before,
            before.Ledger ?? ProjectLedger.Empty,
            entries,
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>Reads every trail.</summary>
    public async Task<List<AuditTrail>> TrailsAsync()
    {
        using var store = Read();
        return await store.TrailsAsync(TestContext.Current.CancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes it.</summary>
    protected virtual void Dispose(bool disposing) { }
}

/// <summary>A state in a file.</summary>
public sealed class FileBench : StateBench
{
    private readonly TempFolder _folder = new();

    /// <inheritdoc/>
    public override string Place => _folder.File;

    /// <inheritdoc/>
    public override DbConnection Connect() => _folder.Raw();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }
}

/// <summary>A state in a schema of its own of the PostgreSQL that tests share.</summary>
public sealed class PostgresBench : StateBench
{
    private readonly Lazy<string> _place = new(() => PostgresProcess.Shared.NewUrl());

    /// <inheritdoc/>
    public override string Place => _place.Value;

    /// <summary>The schema.</summary>
    public string Schema => PostgresProcess.SchemaOf(Place);

    /// <inheritdoc/>
    public override DbConnection Connect() => PostgresProcess.Shared.Connect(Schema);
}

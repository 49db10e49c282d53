using System.Globalization;
using Microsoft.Data.Sqlite;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Ports;
using Reconciler.Testing.Fuzzing;
using Reconciler.Testing.State;
using static Reconciler.Testing.Fuzzing.FuzzTarget;

namespace Reconciler.State.Tests.Fuzzing;

/// <summary>State files that were damaged, or that somebody else wrote into.</summary>
public static class StateTargets
{
    private const string Whole = "whole";

    private static readonly string Folder = Directory.CreateTempSubdirectory("reconciler-fuzz-").FullName;

    public static IReadOnlyList<FuzzTarget> All { get; } = [new("state", FileAsync), new("state-value", ValueAsync)];

    private static async Task FileAsync(byte[] input)
    {
        var file = New();
        await File.WriteAllBytesAsync(file, input);
        if (!await AllAsync(file))
            return;
        var after = await File.ReadAllBytesAsync(file);
        Hold(after.AsSpan().SequenceEqual(input), "reading changed the file");
        await WriteAsync(file);
    }

    // A value in one column of every row, in a file that is whole: the first line names table and column.
    private static async Task ValueAsync(byte[] input)
    {
        var end = Array.IndexOf(input, (byte)'\n');
        var name = Text(input.AsSpan(0, Math.Max(0, end))).Split('.');
        var file = New();
        await File.WriteAllBytesAsync(file, FuzzCorpus.Read("state", Whole));
        if (name.Length != 2 || !Set(file, name[0], name[1], Text(input.AsSpan(end + 1))))
            return;
        if (await AllAsync(file))
            await WriteAsync(file);
    }

    private static bool Set(string file, string table, string column, string value)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        var columns = connection.Rows(
            "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'",
            r => (r.GetString(0), r.GetString(1))
        );
        if (!columns.Contains((table, column)))
            return false;
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA ignore_check_constraints = 1; UPDATE {table} SET {column} = @value";
        var isNumber = long.TryParse(
            value,
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var number
        );
        command.Parameters.AddWithValue("@value", isNumber ? number : value);
        try
        {
            command.ExecuteNonQuery();
            return true;
        }
        catch (SqliteException)
        {
            // The database itself refuses it.
            return false;
        }
    }

    private static async Task<bool> AllAsync(string file) =>
        await IsGoodAsync(async () =>
        {
            using var store = StateStore.OpenExisting(file);
            if (store is null)
                return;
            foreach (var ledger in await store.LoadAllAsync(CancellationToken.None))
            {
                Hold(ledger.Ledger!.People.All(p => Enum.IsDefined(p.State)), "somebody is in no state");
                await store.RemovalsSinceAsync(
                    ledger.Key.VendorType,
                    ledger.Key.BaseUrl,
                    default,
                    CancellationToken.None
                );
                await store.AccountLessonsAsync(ledger.Key.VendorType, ledger.Key.BaseUrl, CancellationToken.None);
                await store.HeadAsync(ledger.Key.VendorType, ledger.Key.BaseUrl, CancellationToken.None);
            }

            foreach (var trail in await store.TrailsAsync(CancellationToken.None))
                _ = AuditChain.FirstBroken(trail.Entries);
            await store.HistoryAsync(new(), CancellationToken.None);
            await store.ProjectsInHistoryAsync(CancellationToken.None);
            await store.FirstSeenAsync(CancellationToken.None);
        });

    // What was loaded is saved with a person more, and is loaded so.
    private static async Task WriteAsync(string file) =>
        await IsGoodAsync(async () =>
        {
            using var store = StateStore.OpenOrCreate(file);
            foreach (var before in await store.LoadAllAsync(CancellationToken.None))
            {
                var ledger = before.Ledger ?? ProjectLedger.Empty;
                var after = ledger with { People = [.. ledger.People, new PersonRecord("zz-new@example.com")] };
                await store.SaveAsync(before, after, [TempFolder.Entry("zz-new@example.com")], CancellationToken.None);
                using var other = StateStore.OpenExisting(file);
                var loaded = await other!.LoadAsync(before.Key, CancellationToken.None);
                Hold(loaded.Ledger!.Of("zz-new@example.com", null) is not null, "who was saved is not loaded");
            }
        });

    private static async Task<bool> IsGoodAsync(Func<Task> use)
    {
        try
        {
            await use();
            return true;
        }
        catch (LedgerException refused)
        {
            // It says that the file is damaged, or is no state.
            Hold(refused.Message.Length is > 0 and < 2_000, "the message is empty or endless");
            return false;
        }
        catch (LedgerConflictException)
        {
            // A row that an index does not have cannot be found again, as if another process had taken it away.
            return false;
        }
    }

    private static string New()
    {
        foreach (var old in Directory.EnumerateFileSystemEntries(Folder))
            File.Delete(old);
        return Path.Combine(Folder, "state.db");
    }
}

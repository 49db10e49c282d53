using Reconciler.Core.Ports;
using Reconciler.Testing.Fuzzing;

namespace Reconciler.State.Tests.Fuzzing;

/// <summary>State files that were damaged, or that somebody else made.</summary>
public static class StateTargets
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("reconciler-fuzz-").FullName;

    public static IReadOnlyList<FuzzTarget> All { get; } = [new("state", OpenAsync)];

    private static async Task OpenAsync(byte[] input)
    {
        var file = Path.Combine(Folder, "state.db");
        foreach (var beside in Directory.EnumerateFiles(Folder))
            File.Delete(beside);
        await File.WriteAllBytesAsync(file, input);
        try
        {
            using var store = StateStore.OpenExisting(file);
            if (store is not null)
                _ = await store.LoadAllAsync(CancellationToken.None);
        }
        catch (LedgerException)
        {
            // It says that the file is damaged, or is no state.
        }
    }
}

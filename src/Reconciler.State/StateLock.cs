using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>
/// An exclusive lock on a state file until it is disposed: two applies at once would plan from the same ledger and
/// write twice. The operating system releases it when the process ends, even after a crash.
/// </summary>
public sealed class StateLock : IDisposable
{
    // EAGAIN of Linux and of macOS; a sharing violation and a lock violation of Windows.
    private static readonly int[] Taken = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;
    private readonly string _note;

    private StateLock(FileStream file, string note) => (_file, _note) = (file, note);

    /// <summary>Acquires the lock if it is free.</summary>
    /// <param name="path">The state file.</param>
    /// <param name="verb">The command that needs the lock, such as <c>apply</c>.</param>
    /// <param name="clock">The clock for the holder's start time.</param>
    /// <param name="holder">The holder if the lock is not free; null if it is free, or the holder is not known.</param>
    /// <returns>The lock; null if another process holds it.</returns>
    /// <exception cref="LedgerException">The lock file cannot be used.</exception>
    public static StateLock? TryAcquire(string path, string verb, TimeProvider clock, out Holder? holder)
    {
        holder = null;
        var full = Path.GetFullPath(path);
        try
        {
            StateFile.PrepareFolder(full);
            var taken = new StateLock(new($"{full}.lock", Options()), $"{full}.lock.json");
            taken.Note(
                new(verb, Environment.ProcessId, Environment.MachineName, Environment.UserName, clock.GetUtcNow())
            );
            return taken;
        }
        catch (IOException busy) when (Taken.Contains(busy.HResult))
        {
            holder = ReadHolder($"{full}.lock.json");
            return null;
        }
        catch (Exception failure) when (StateErrors.Explain(failure) is { } why)
        {
            throw new LedgerException($"{path}.lock {why}", failure);
        }
    }

    /// <summary>Acquires the lock, and waits while another process holds it.</summary>
    /// <param name="path">The state file.</param>
    /// <param name="verb">The command that needs the lock.</param>
    /// <param name="wait">The longest time to wait.</param>
    /// <param name="onWaiting">Called once with the holder, or with null if the holder is not known.</param>
    /// <param name="clock">Measures the time.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="LedgerException">It was not free in time, or the lock file cannot be used.</exception>
    public static async Task<StateLock> AcquireAsync(
        string path,
        string verb,
        TimeSpan wait,
        Action<Holder?> onWaiting,
        TimeProvider clock,
        CancellationToken cancellation
    )
    {
        var start = clock.GetTimestamp();
        for (var first = true; ; first = false)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryAcquire(path, verb, clock, out var holder) is { } taken)
            {
                if (!first)
                    Unmark(path);
                return taken;
            }

            Mark(path);
            if (clock.GetElapsedTime(start) >= wait)
                throw StillHeld(path, holder);
            if (first)
                onWaiting(holder);
            await Task.Delay(Pause, clock, cancellation);
        }
    }

    /// <summary>Whether another process waits for the lock, so that a long-running holder should release it.</summary>
    /// <param name="path">The state file.</param>
    /// <param name="clock">The time.</param>
    public static bool IsAwaited(string path, TimeProvider clock)
    {
        var mark = new FileInfo(MarkOf(path));
        return mark.Exists && clock.GetUtcNow().UtcDateTime - mark.LastWriteTimeUtc < 10 * Pause;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The lock file is not deleted: otherwise two processes could lock two files of the same name.
        try
        {
            File.Delete(_note);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The note only names the holder; the next holder overwrites a stale one.
        }

        _file.Dispose();
    }

    private static string MarkOf(string path) => $"{Path.GetFullPath(path)}.lock.waiting";

    // Renewed at each attempt, so that a process that was killed while waiting soon stops counting as waiting.
    private static void Mark(string path)
    {
        try
        {
            using var mark = new FileStream(MarkOf(path), Options(FileMode.Create, FileShare.ReadWrite));
            mark.WriteByte((byte)'\n');
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            // The mark only shortens the wait, so failing to write it is no error.
        }
    }

    private static void Unmark(string path)
    {
        try
        {
            File.Delete(MarkOf(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A mark that cannot be deleted expires after two seconds.
        }
    }

    private static LedgerException StillHeld(string path, Holder? holder) =>
        new(
            $"{path} is in use by {holder?.ToString() ?? "another process"}; wait until it has ended and run again, "
                + "or end that process: its lock ends with it"
        );

    // Other processes cannot read a locked file, so the holder is written to a file beside it.
    private void Note(Holder holder)
    {
        try
        {
            using var note = new FileStream(_note, Options(FileMode.Create, FileShare.ReadWrite));
            JsonSerializer.Serialize(note, holder, HolderJsonContext.Default.Holder);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "Whoever holds the lock may be writing the note, or may not share it."
    )]
    private static Holder? ReadHolder(string note)
    {
        try
        {
            using var file = new FileStream(
                note,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            return JsonSerializer.Deserialize(file, HolderJsonContext.Default.Holder);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static FileStreamOptions Options(FileMode mode = FileMode.OpenOrCreate, FileShare share = FileShare.None)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Holder))]
internal sealed partial class HolderJsonContext : JsonSerializerContext;

using System.Text.Json;
using Reconciler.Core.Ports;
using Reconciler.Operator.Status;
using Reconciler.Testing.Fuzzing;
using static Reconciler.Testing.Fuzzing.FuzzTarget;

namespace Reconciler.Operator.Tests.Fuzzing;

/// <summary>The state in the status of a resource, which anybody with the right to write statuses can change.</summary>
public static class OperatorTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } = [new("status", StatusAsync)];

    private static Task StatusAsync(byte[] input)
    {
        try
        {
            using var json = JsonDocument.Parse(input);
            var (entries, declared) = StatusLedgers.Read(json.RootElement, 1);
            Hold(declared is null || entries[0].Project == declared, "the project that is declared has no ledger");
            foreach (var entry in entries)
                Again(entry);
        }
        catch (Exception unreadable) when (MembershipStatus.IsUnreadable(unreadable) || unreadable is LedgerException)
        {
            // The status says that its state cannot be read, or is too large.
        }

        return Task.CompletedTask;
    }

    // What was read can be written, and is read as the same.
    private static void Again(ProjectLedgerEntry entry)
    {
        var written = LedgerStatus.Write(entry).ToJsonString();
        using var json = JsonDocument.Parse(written);
        var again = LedgerStatus.Write(LedgerStatus.Read(entry.Project, json.RootElement)).ToJsonString();
        Hold(again == written, "what is written reads as something else");
    }
}

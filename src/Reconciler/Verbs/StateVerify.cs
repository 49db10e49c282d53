using System.CommandLine;
using System.Text.RegularExpressions;
using Reconciler.Options;
using Reconciler.Reports;
using Reconciler.Runs;
using Reconciler.State;

namespace Reconciler.Verbs;

/// <summary><c>state verify</c>: checks that the audit trail is as it was written.</summary>
internal static partial class StateVerify
{
    private const string Prefix = "sha256:";

    public static Command Create(CliEnvironment environment)
    {
        var (state, output) = (new StateOption(environment), new OutputOptions("text", "json"));
        var heads = new Option<string[]>("--head")
        {
            Description =
                "A head that an earlier run printed: its entry must still be there, as it was; may be given "
                + "several times",
        };
        heads.Validators.Add(result =>
        {
            foreach (var head in result.GetValueOrDefault<string[]>() ?? [])
            {
                if (!Head().IsMatch(head))
                    result.AddError("--head: expected sha256: and 64 hex digits, as an apply prints them");
            }
        });
        var command = new Command("verify", "Check that no entry of the audit trail was changed, taken out or moved")
        {
            state,
            heads,
        };
        output.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var session = new StateSession(environment, output.NoColour(parsed), state.Read(parsed));
                return session.ReadAsync(async store =>
                {
                    var trails = await store.TrailsAsync(cancellation);
                    var document = VerifyDocument.Of(
                        [.. trails.Select(t => CheckedTrail.Of(t.VendorType, t.BaseUrl, t.Entries))],
                        [.. Missing(trails, parsed.GetValue(heads) ?? [])]
                    );
                    if (output.Format(parsed) == "json")
                        await environment.Out.WriteLineAsync(document.ToJson());
                    else
                        document.Write(environment.Out, session.Palette);
                    return document.Intact ? ExitCode.Done : ExitCode.Failed;
                });
            }
        );
        return command;
    }

    private static IEnumerable<string> Missing(IReadOnlyList<AuditTrail> trails, IEnumerable<string> heads)
    {
        var hashes = trails
            .SelectMany(t => t.Entries)
            .Select(e => e.Seal?.Hash)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        return heads
            .Select(h => h.StartsWith(Prefix, StringComparison.Ordinal) ? h : Prefix + h)
            .Where(h => !hashes.Contains(h))
            .Distinct(StringComparer.Ordinal);
    }

    [GeneratedRegex("^(sha256:)?[0-9a-f]{64}$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Head();
}

using System.Collections.Immutable;

namespace Reconciler.Runs;

/// <summary>What a run tells its caller. Where several fit: 64, then 3, 1, 5, 4, 2, 0.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Changes = 2;
    public const int Problems = 3;
    public const int Held = 4;
    public const int Partly = 5;
    public const int Usage = 64;
    public const int Interrupted = 130;

    /// <summary>Each code in words, as the help shows them.</summary>
    public static ImmutableArray<(int Code, string Meaning)> Meanings { get; } =
    [
        (Done, "done, or nothing to change; findings and manual items are no changes"),
        (Failed, "failed: something could not be read, or the answer at the prompt was no"),
        (
            Changes,
            "plan --detailed-exitcode: changes pending; --fail-on findings: something was noticed, or is left to do by hand"
        ),
        (Problems, "the manifests have problems; nothing was planned"),
        (Held, "a limit holds changes, or the plan is stale"),
        (Partly, "apply worked in part; the summary names what failed"),
        (Usage, "the command line is wrong; one or two lines say how"),
        (Interrupted, "interrupted; the summary says where it stopped"),
    ];

    private static readonly int[] Precedence = [Usage, Problems, Failed, Partly, Held, Changes, Done];

    /// <summary>The order in which the codes win, in words.</summary>
    public static string PrecedenceText => string.Join(", ", Precedence);

    /// <summary>The one of several that is told.</summary>
    public static int Strongest(params ReadOnlySpan<int> codes)
    {
        foreach (var code in Precedence)
        {
            if (codes.Contains(code))
                return code;
        }

        return Done;
    }
}

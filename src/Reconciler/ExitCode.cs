using System.Collections.Immutable;

namespace Reconciler;

/// <summary>What a run tells its caller. Where several fit: 64, then 3, 1, 5, 4, 2, 0.</summary>
public static class ExitCode
{
    /// <summary>Everything is done, or nothing was to do.</summary>
    public const int Done = 0;

    /// <summary>Something failed, or the answer at the prompt was no.</summary>
    public const int Failed = 1;

    /// <summary>Changes are pending, or findings count.</summary>
    public const int Changes = 2;

    /// <summary>The manifests have problems; nothing was planned.</summary>
    public const int Problems = 3;

    /// <summary>A limit holds changes, or the plan is stale.</summary>
    public const int Held = 4;

    /// <summary>An apply worked in part, or a review apply left something to do by hand.</summary>
    public const int Partly = 5;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>The run was interrupted.</summary>
    public const int Interrupted = 130;

    /// <summary>Each code in words, as the help shows them.</summary>
    internal static ImmutableArray<(int Code, string Meaning)> Meanings { get; } =
    [
        (Done, "done, or nothing to change; findings and manual items are no changes"),
        (
            Failed,
            "failed: a project could not be read (apply: none could), you answered no, offboard or explain found "
                + "nobody, review apply could not make the branch, state verify found a broken audit trail, or worker "
                + "or operator could not start"
        ),
        (
            Changes,
            "plan --detailed-exitcode: changes are pending; --fail-on findings: there are findings, or manual steps"
        ),
        (Problems, "the manifests, or the settings of worker or operator, have problems; nothing was planned"),
        (Held, "a limit holds changes, the plan is stale, or manifests still declare the person to offboard"),
        (
            Partly,
            "apply worked in part: a project could not be read, or an action failed; the summary names it. "
                + "review apply: something is left to do by hand"
        ),
        (Usage, "the command line is wrong: an unknown option, a missing or impossible value"),
        (Interrupted, "interrupted; the summary says where it stopped"),
    ];

    private static readonly int[] Precedence = [Usage, Problems, Failed, Partly, Held, Changes, Done];

    /// <summary>The order in which the codes win, in words.</summary>
    internal static string PrecedenceText => string.Join(", ", Precedence);

    /// <summary>The one of several that is told.</summary>
    internal static int Strongest(params ReadOnlySpan<int> codes)
    {
        foreach (var code in Precedence)
        {
            if (codes.Contains(code))
                return code;
        }

        return Done;
    }
}

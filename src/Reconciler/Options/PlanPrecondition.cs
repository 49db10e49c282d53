using System.Collections.Immutable;
using System.CommandLine;
using System.Text.RegularExpressions;
using Reconciler.Core.Planning;
using Reconciler.Engine.Planning;
using Reconciler.Manifests.Files;
using Reconciler.Reports;

namespace Reconciler.Options;

/// <summary>The options that bound an apply by a plan that somebody read, or let a held plan pass.</summary>
internal sealed partial class PlanPreconditionOptions
{
    private readonly Option<string?> _plan = new("--plan")
    {
        Description = "A plan that plan --out wrote: nothing that is not in it is applied",
    };
    private readonly Option<string?> _expect = new("--expect")
    {
        Description = "The digest of the plan that was read (sha256:…): any other plan is refused",
    };
    private readonly Option<string[]> _approve = Approve();

    public PlanPreconditionOptions() =>
        _expect.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !Digest().IsMatch(text))
                result.AddError(WrongPlan(text));
        });

    /// <summary>The option that lets held plans pass.</summary>
    public static Option<string[]> Approve()
    {
        var option = new Option<string[]>("--approve")
        {
            Description = "The digest of a hold (hold:sha256:…) to release, once",
            Arity = ArgumentArity.ZeroOrMore,
        };
        option.Validators.Add(result =>
        {
            foreach (var text in (result.GetValueOrDefault<string[]>() ?? []).Where(d => !HoldDigest.IsOne(d)))
                result.AddError(WrongHold(text));
        });
        return option;
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _plan, _expect, _approve })
            command.Options.Add(option);
    }

    public PlanPrecondition Read(ParseResult parsed, string folder) =>
        new(
            parsed.GetValue(_plan) is { } plan ? Path.GetFullPath(plan, Path.GetFullPath(folder)) : null,
            parsed.GetValue(_expect),
            [.. parsed.GetValue(_approve) ?? []]
        );

    private static string WrongPlan(string text) =>
        HoldDigest.IsOne(text)
            ? $"--expect {text}: this is the digest of a hold, which --approve takes; expected the digest of a "
                + "plan, sha256:…"
            : $"--expect {text}: expected the digest of a plan as plan prints it, sha256: and 64 hexadecimal digits";

    private static string WrongHold(string text) =>
        Digest().IsMatch(text)
            ? $"--approve {text}: this is the digest of a plan, which --expect takes; expected the digest of a "
                + "hold, hold:sha256:…"
            : $"--approve {text}: expected the digest of a hold as plan prints it, hold:sha256: and 64 "
                + "hexadecimal digits";

    [GeneratedRegex("^sha256:[0-9a-f]{64}$", RegexOptions.NonBacktracking)]
    private static partial Regex Digest();
}

/// <summary>What bounds an apply.</summary>
/// <param name="File">The saved plan; null for none.</param>
/// <param name="Expected">The digest that the run must have; null for any.</param>
/// <param name="Approved">Digests of holds that may pass.</param>
internal sealed record PlanPrecondition(string? File, string? Expected, ImmutableHashSet<string> Approved)
{
    /// <summary>The saved plan, read before anything else; false, and said, where it cannot be.</summary>
    public bool TryRead(CliEnvironment environment, Palette palette, out SavedPlan? saved)
    {
        saved = null;
        if (File is null)
            return true;
        saved = SavedPlanFile.Read(
            File,
            () => UserFile.ReadNamed(File, SavedPlanFile.LargestFile, environment.Clock),
            out var problem
        );
        if (saved is null)
            ProblemReport.WriteError(environment.Error, palette, problem);
        return saved is not null;
    }

    /// <summary>Whether a fresh plan stays within what was read; says the difference where it does not.</summary>
    public bool Allows(RunPlan fresh, SavedPlan? saved, CliEnvironment environment, Palette palette)
    {
        if (saved?.Judge(fresh) is { } stale)
        {
            StaleReport.Write(environment.Out, palette, stale, environment.Mask);
            return false;
        }

        if (Expected is null || SavedPlan.IsAsExpected(fresh, Expected))
            return true;
        StaleReport.Write(environment.Out, palette, Expected, fresh.Digest);
        return false;
    }
}

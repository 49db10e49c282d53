using System.CommandLine;
using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Text;
using Reconciler.Manifests;
using Reconciler.Manifests.Loading;
using Reconciler.Options;
using Reconciler.Reports;
using Reconciler.Reviewing;
using Reconciler.Runs;
using Reconciler.Sources.Git;

namespace Reconciler.Verbs;

/// <summary><c>review</c>: carries out what reviewers decided on an access review page.</summary>
internal static class ReviewVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var command = new Command("review", "Carry out what was decided on an access review page");
        command.Subcommands.Add(Apply(environment));
        return command;
    }

    private static Command Apply(CliEnvironment environment)
    {
        var (manifests, noColour) = (new ManifestOptions(), OutputOptions.NoColourOption());
        var file = new Argument<string>("file") { Description = "The JSON file that the review page exported" };
        var branch = new Option<string?>("--branch")
        {
            Description = "The name of the branch (default: access-review- and the day of the review)",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be edited, and make no branch" };
        var command = new Command(
            "apply",
            "Make a git branch whose commit takes revoked access out of the manifests; the work tree stays as it is"
        );
        command.Arguments.Add(file);
        manifests.AddWithoutLimitsTo(command);
        foreach (var option in new Option[] { branch, dryRun, noColour })
            command.Options.Add(option);
        command.SetAction(
            (parsed, cancellation) =>
                new Session(
                    environment,
                    manifests.Read(parsed, environment.Folder),
                    environment.Palette(parsed.GetValue(noColour))
                )
                {
                    File = parsed.GetValue(file)!,
                    Branch = parsed.GetValue(branch),
                    DryRun = parsed.GetValue(dryRun),
                }.RunAsync(cancellation)
        );
        return command;
    }

    /// <summary>One run of the verb.</summary>
    private sealed class Session(CliEnvironment environment, ManifestRequest request, Palette palette)
    {
        public required string File { get; init; }

        public string? Branch { get; init; }

        public bool DryRun { get; init; }

        public async Task<int> RunAsync(CancellationToken cancellation)
        {
            var problems = new Problems();
            if (DecisionFile.Read(File, environment.Folder, environment.Clock, problems) is not { } decisions)
                return Refuse(problems);
            var resolved = environment.Loader.Load(request);
            if (resolved.Problems.HasErrors)
                return Refuse(resolved.Problems);
            if (ReviewedManifests.Changes(decisions.Files, resolved.Files) is { Count: > 0 } changes)
                return TellChanges(decisions, changes);
            var planner = new RevocationPlanner(resolved, decisions.Decisions);
            var revocations = decisions
                .Decisions.Where(d => d.Revokes)
                .Select(d => planner.Of(d, problems))
                .OfType<Revocation>()
                .ToList();
            var edits = revocations.Where(r => r.IsEdit).ToList();
            var files = problems.HasErrors
                ? null
                : new ManifestEdits(environment.Loader, request).Run(resolved, edits, problems);
            if (files is null)
                return Refuse(problems);
            try
            {
                return await FinishAsync(decisions, revocations, files, cancellation);
            }
            catch (SourceException refused)
            {
                return Fail(refused.Message);
            }
        }

        private async Task<int> FinishAsync(
            ReviewDecisions decisions,
            List<Revocation> revocations,
            IReadOnlyList<BranchFile> files,
            CancellationToken cancellation
        )
        {
            var day = decisions.ReviewedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var branch = Branch ?? $"access-review-{day}";
            if (files.Count > 0)
            {
                var checkout = await CheckoutBranch.FindAsync(Path.GetDirectoryName(files[0].Path)!, cancellation);
                if (await checkout.RefusalAsync(branch, cancellation) is { } refusal)
                    return Fail($"the branch {branch} {refusal}");
                if (await checkout.ChangedAsync(files.Select(f => f.Path), cancellation) is { Count: > 0 } changed)
                    return Fail(
                        $"{string.Join(", ", changed)}: differs from the commit that is checked out; commit it first, "
                            + "since the branch starts there"
                    );
                if (!DryRun)
                    await checkout.CommitAsync(branch, files, ReviewMessage.Of(decisions, revocations), cancellation);
            }

            Tell(decisions, revocations, files.Count, branch);
            return revocations.Exists(r => r.Advice.Length > 0) ? ExitCode.Partly : ExitCode.Done;
        }

        private void Tell(ReviewDecisions decisions, List<Revocation> revocations, int files, string branch)
        {
            var edits = revocations.Where(r => r.IsEdit).ToList();
            var kept = decisions.Decisions.Count(d => d.Keeps);
            Say($"Decided: {kept} keep, {revocations.Count} revoke.");
            if (edits.Count > 0)
                Say(
                    palette.Strong(
                        $"{(DryRun ? "Would take" : "Taken")} out of {TextNames.Count(files, "file", "files")}:"
                    )
                );
            foreach (var edit in edits)
                Say($"  {ReviewMessage.Name(edit)} ({TerminalText.Escape(string.Join(", ", edit.Entries))})");
            var left = revocations.Where(r => r.Advice.Length > 0).ToList();
            if (left.Count > 0)
                Say(palette.Strong("Left to do by hand:"));
            foreach (var manual in left)
                Say($"  {ReviewMessage.Name(manual)}: {TerminalText.Escape(manual.Advice)}");
            if (edits.Count == 0)
                Say("No branch is made: there is nothing to edit.");
            else if (DryRun)
                Say($"Dry run: the branch {TerminalText.Escape(branch)} is not made.");
            else
                Say(
                    TerminalText.Escape(
                        $"The branch {branch} has the commit. Look at it with: git show {ShellText.Word(branch)}"
                    )
                );
        }

        private int TellChanges(ReviewDecisions decisions, IReadOnlyList<string> changes)
        {
            environment.Error.WriteLine(
                $"{palette.Alarm("error:")} {TerminalText.Escape(File)}: these are not the reviewed manifests:"
            );
            foreach (var change in changes)
                environment.Error.WriteLine($"  {TerminalText.Escape(change)}");
            var commit = decisions.Commit.Split('+')[0];
            environment.Error.WriteLine(
                TerminalText.Escape(
                    commit.Length > 0
                        ? $"The review read commit {commit}: check it out, and run this again there; "
                            + "or make a new review and decide again."
                        : "Make a new review and decide again."
                )
            );
            return ExitCode.Problems;
        }

        private void Say(string text) => environment.Out.WriteLine(text);

        private int Refuse(Problems problems)
        {
            foreach (var problem in problems.Sorted.Where(p => p.Severity == Severity.Error))
                ProblemReport.WriteError(environment.Error, palette, problem.ToString());
            environment.Error.WriteLine("No branch is made.");
            return ExitCode.Problems;
        }

        private int Fail(string message)
        {
            ProblemReport.WriteError(environment.Error, palette, message);
            environment.Error.WriteLine("No branch is made.");
            return ExitCode.Failed;
        }
    }
}

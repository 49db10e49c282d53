using System.CommandLine;
using System.Globalization;
using Reconciler.Core.Offboarding;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Offboarding;
using Reconciler.Engine.Planning;
using Reconciler.Manifests.Loading;
using Reconciler.Offboarding;
using Reconciler.Options;
using Reconciler.Providers;
using Reconciler.Reports;
using Reconciler.Reports.Masking;
using Reconciler.Runs;

namespace Reconciler.Verbs;

/// <summary><c>offboard</c>: takes one person out of every project of every connection.</summary>
internal static class OffboardVerb
{
    private const string Json = "json";

    public static Command Create(CliEnvironment environment)
    {
        var (manifests, output, baseline) = (
            new ManifestOptions(),
            new OutputOptions("text", Json),
            PlanVerb.BaselineOption()
        );
        var person = AddressWord.Argument(environment, manifests);
        var yes = new Option<bool>("--yes", "-y")
        {
            Description = "Apply without asking; needed where nobody can be asked, and with --format json",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the plan, and apply nothing" };
        var command = new Command(
            "offboard",
            "Remove one person from every project: those that manifests declare, and those that the vendors list"
        );
        command.Arguments.Add(person);
        manifests.AddTo(command);
        var (state, approve) = (new StateOptions(environment), PlanPreconditionOptions.Approve());
        foreach (var option in new Option[] { baseline, approve, yes, dryRun })
            command.Options.Add(option);
        state.AddTo(command, writes: true);
        output.AddWithLogTo(command);
        output.AddMaskTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var request = manifests.Read(parsed, environment.Folder) with { Baseline = parsed.GetValue(baseline) };
                var session = new Session(
                    output.Of(environment, parsed),
                    request,
                    output.Format(parsed),
                    environment.Palette(output.NoColour(parsed)),
                    output.Verbose(parsed)
                )
                {
                    Yes = parsed.GetValue(yes),
                    DryRun = parsed.GetValue(dryRun),
                    State = state.Read(parsed, environment.Folder),
                    Approvals = Approvals.Of(parsed.GetValue(approve) ?? []),
                };
                return session.RunAsync(NamedPerson.Parse(parsed.GetValue(person)!)!, cancellation);
            }
        );
        return command;
    }

    /// <summary>One run of the verb.</summary>
    private sealed class Session(
        CliEnvironment environment,
        ManifestRequest request,
        string format,
        Palette palette,
        bool verbose
    )
    {
        public bool Yes { get; init; }

        public bool DryRun { get; init; }

        public required StateRequest State { get; init; }

        public required Approvals Approvals { get; init; }

        public async Task<int> RunAsync(NamedPerson person, CancellationToken cancellation)
        {
            var planning = new PlanSession(environment, request, "text", palette, verbose) { State = State };
            if (planning.Load() is not { } resolved || !AddressWord.IsPlaced(environment, palette, person, resolved))
                return ExitCode.Problems;
            using var state = DryRun
                ? RunState.OpenToRead(State)
                : await RunState.OpenToWriteAsync(State, "offboard", resolved.Connections, environment, cancellation);
            using var connections = planning.Connect(state.Store);
            var approvals = Approvals.And(
                await ApprovalDocuments.OfAsync(
                    resolved.Approvals,
                    state.Store as IApprovalMemory,
                    writes: !DryRun,
                    environment.Clock.GetUtcNow(),
                    cancellation
                )
            );
            ReadingProgress? progress = null;
            var subject = OffboardingSubject.Of(person, resolved.Manifests, resolved.Connections);
            var run = new OffboardRun(resolved, subject, new(state.Store, resolved.Baseline), environment.Clock)
            {
                Approvals = approvals,
                History = state.HistoryOfAsync,
                Log = environment.Log.Step,
            };
            var plan = await run.PlanAsync(
                connections.Of,
                count => (progress = PlanSession.Reading(environment, count)).Read,
                cancellation
            );
            progress?.Clear();
            var report = new OffboardReport(environment.Out, palette, verbose)
            {
                ReleaseCommand = holds => planning.ReleaseOf(holds, "offboard", person.Text),
            };
            var shown = plan.Masked(environment.Mask);
            if (format != Json)
                report.Write(shown);
            ApprovalReport.Write(environment.Error, palette, plan.Plan);
            var actions = plan.Plan.Plans.Sum(p => p.Applicable.Count());
            if (!plan.StillDeclared.IsEmpty)
                return Refuse(shown, report);
            if (DryRun || actions == 0 || (format == Json && !Yes))
                return Show(shown);
            if (environment.OutputFailure is not null || (!Yes && !await AskAsync(actions, cancellation)))
                return ExitCode.Failed;
            var heads = await AuditHeads.BeforeAsync(state, plan.Plan, cancellation);
            var applier = new Applier(connections.Of, state.Store, environment.Clock) { Context = planning.Context };
            return await ApplyAsync(plan, applier, heads, actions, cancellation);
        }

        // Whoever is still declared would be invited again by the next pass.
        private int Refuse(OffboardPlan plan, OffboardReport report)
        {
            if (format == Json)
                environment.Out.WriteLine(OffboardDocument.Of(plan, null).ToJson());
            else
                report.Refused(plan);
            return ExitCode.Strongest(plan.IsPartial ? ExitCode.Failed : ExitCode.Done, ExitCode.Held);
        }

        private int Show(OffboardPlan plan)
        {
            if (format == Json)
                environment.Out.WriteLine(OffboardDocument.Of(plan, null).ToJson());
            var failed = plan.IsPartial || !plan.IsFound;
            return ExitCode.Strongest(
                failed ? ExitCode.Failed : ExitCode.Done,
                plan.Plan.Held.Any() ? ExitCode.Held : ExitCode.Done
            );
        }

        private Task<bool> AskAsync(int actions, CancellationToken cancellation)
        {
            var changes = palette.Alarm(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{actions} {(actions == 1 ? "change takes" : "changes take")} access away."
                )
            );
            return Confirmation.AskAsync(
                environment,
                "offboard",
                "applied",
                $"Apply these changes? {changes}",
                cancellation
            );
        }

        private async Task<int> ApplyAsync(
            OffboardPlan plan,
            Applier applier,
            AuditHeads heads,
            int actions,
            CancellationToken cancellation
        )
        {
            var report = new ApplyReport(environment.Out, palette, actions);
            var progress = PlanSession.Applying(environment, plan.Plan);
            var result = await applier.ApplyAsync(
                plan.Plan,
                (project, outcome) => progress.Count(project, outcome, () => Print(report, project, outcome)),
                cancellation
            );
            progress.Clear();
            var (shown, outcome) = (plan.Masked(environment.Mask), result.Masked(environment.Mask));
            if (format == Json)
            {
                var document = OffboardDocument.Of(shown, outcome) with { AuditHeads = await heads.MovedAsync() };
                environment.Out.WriteLine(document.ToJson());
            }
            else
            {
                report.Summary(outcome);
                await heads.WriteAsync(environment.Out, palette);
            }

            if (result.Count(OutcomeKind.Interrupted) > 0)
                return ExitCode.Interrupted;
            var failed =
                plan.IsPartial
                || result.Count(OutcomeKind.Failed) > 0
                || result.Count(OutcomeKind.Skipped) > 0
                || result.NotRemembered.Any();
            return ExitCode.Strongest(
                failed ? ExitCode.Partly : ExitCode.Done,
                plan.Plan.Held.Any() ? ExitCode.Held : ExitCode.Done
            );
        }

        private void Print(ApplyReport report, ProjectPlan plan, ActionOutcome outcome)
        {
            if (format != Json)
                report.Progress(plan.Masked(environment.Mask), outcome.Masked(environment.Mask));
        }
    }
}

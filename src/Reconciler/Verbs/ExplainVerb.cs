using System.Collections.Immutable;
using System.CommandLine;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Offboarding;
using Reconciler.Engine.Explaining;
using Reconciler.Engine.Planning;
using Reconciler.Engine.Reviews;
using Reconciler.Manifests.Loading;
using Reconciler.Options;
using Reconciler.Providers;
using Reconciler.Reports;
using Reconciler.Reports.Explaining;
using Reconciler.Reports.Masking;
using Reconciler.Runs;

namespace Reconciler.Verbs;

/// <summary><c>explain</c>: why one person has access, project by project. It writes nothing.</summary>
internal static class ExplainVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var (manifests, output, state, baseline) = (
            new ManifestOptions(),
            new OutputOptions(OutputFormat.Text, OutputFormat.Json),
            new StateOptions(environment),
            PlanVerb.BaselineOption()
        );
        var person = AddressWord.Argument(environment, manifests);
        var offline = OfflineOption();
        var command = new Command(
            "explain",
            "Show why one person has access to each project, since when, until when, and what the next apply does"
        );
        command.Arguments.Add(person);
        manifests.AddTo(command);
        manifests.AddFiltersTo(command, environment);
        foreach (var option in new Option[] { offline, baseline })
            command.Options.Add(option);
        state.AddTo(command, writes: false);
        output.AddWithLogTo(command);
        output.AddMaskTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var request = manifests.Read(parsed, environment.Folder) with { Baseline = parsed.GetValue(baseline) };
                var palette = environment.Palette(output.NoColour(parsed));
                var session = new PlanSession(
                    output.Of(environment, parsed),
                    request,
                    OutputFormat.Text,
                    palette,
                    output.Verbose(parsed)
                )
                {
                    State = state.Read(parsed, environment.Folder),
                };
                return RunAsync(
                    environment,
                    session,
                    palette,
                    new(NamedPerson.Parse(parsed.GetValue(person)!)!, parsed.GetValue(offline)),
                    explanation => Print(environment, explanation, output.Format(parsed), palette),
                    cancellation
                );
            }
        );
        return command;
    }

    private static Option<bool> OfflineOption() =>
        new("--offline")
        {
            Description = "Ask no vendor: show what manifests and state say, without what the next apply does",
        };

    private static async Task<int> RunAsync(
        CliEnvironment environment,
        PlanSession session,
        Palette palette,
        Question question,
        Action<Explanation> print,
        CancellationToken cancellation
    )
    {
        if (
            session.Load() is not { } manifests
            || !AddressWord.IsPlaced(environment, palette, question.Person, manifests)
        )
            return ExitCode.Problems;
        using var state = RunState.OpenToRead(session.State);
        var subject = OffboardingSubject.Of(question.Person, manifests.Manifests, manifests.Connections);
        var stored = state.Store is null ? [] : await state.Store.LoadAllAsync(cancellation);
        var explainer = new Explainer(manifests.Manifests, subject, await state.HistoryAsync(cancellation), stored);
        var explanation = question.IsOffline
            ? explainer
                .Offline(manifests.WithState(stored).Projects, environment.Clock.GetUtcNow())
                .Masked(null, environment.Mask)
            : await LiveAsync(environment, session, manifests, explainer, state, cancellation);
        print(explanation);
        return explanation is { IsFound: true, IsWhole: true } ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<Explanation> LiveAsync(
        CliEnvironment environment,
        PlanSession session,
        ResolvedManifests manifests,
        Explainer explainer,
        RunState state,
        CancellationToken cancellation
    )
    {
        using var connections = session.Connect();
        var desired = await PlanSession.RecallAsync(manifests, state.Store, cancellation);
        var plan = await session.PlanAsync(desired, connections, state.Store, cancellation);
        var none = new Dictionary<ProjectKey, ImmutableArray<GrantMeaning>>();
        // Only the projects that the person is in are asked what their roles permit.
        var shown = explainer.Of(plan, none).Accesses.Select(a => a.Row.Project.Document).ToHashSet();
        var meanings = await new MeaningsReader(connections.Of).RunAsync(
            plan,
            project => shown.Contains(project.Id),
            cancellation
        );
        return explainer.Of(plan, meanings).Masked(plan, environment.Mask);
    }

    private static void Print(CliEnvironment environment, Explanation explanation, string format, Palette palette)
    {
        if (format == OutputFormat.Json)
            environment.Out.WriteLine(ExplainDocument.Of(explanation).ToJson());
        else
            new ExplainReport(environment.Out, palette).Write(explanation);
    }

    /// <summary>What was asked.</summary>
    /// <param name="Person">The person.</param>
    /// <param name="IsOffline">Whether no vendor may be asked.</param>
    private sealed record Question(NamedPerson Person, bool IsOffline);
}

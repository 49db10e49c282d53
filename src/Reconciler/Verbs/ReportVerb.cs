using System.CommandLine;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;
using Reconciler.Engine.Reviews;
using Reconciler.Manifests.Loading;
using Reconciler.Options;
using Reconciler.Providers;
using Reconciler.Reports;
using Reconciler.Reports.Masking;
using Reconciler.Reports.Review;
using Reconciler.Runs;

namespace Reconciler.Verbs;

/// <summary>
/// <c>report</c>: who has what, where, since when, until when and why. It reads as plan does, and writes to no vendor.
/// </summary>
internal static class ReportVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var manifests = new ManifestOptions();
        var output = new OutputOptions(
            OutputFormat.Text,
            OutputFormat.Csv,
            OutputFormat.Json,
            OutputFormat.Markdown,
            OutputFormat.Html
        );
        var state = new StateOptions(environment);
        var baseline = PlanVerb.BaselineOption();
        var by = GroupingOption();
        var file = FileOption();
        var command = new Command(
            "report",
            "Show who has what, where, since when, until when and why; nothing is written at a vendor"
        );
        manifests.AddTo(command);
        manifests.AddFiltersTo(command, environment);
        foreach (var option in new Option[] { by, baseline, file })
            command.Options.Add(option);
        state.AddTo(command, writes: false);
        output.AddWithLogTo(command);
        output.AddMaskTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var request = manifests.Read(parsed, environment.Folder) with { Baseline = parsed.GetValue(baseline) };
                var palette = environment.Palette(output.NoColour(parsed) || parsed.GetValue(file) is not null);
                var planning = new PlanSession(
                    output.Of(environment, parsed),
                    request,
                    OutputFormat.Text,
                    palette,
                    output.Verbose(parsed)
                )
                {
                    State = state.Read(parsed, environment.Folder),
                };
                var grouping = Enum.Parse<ReviewGrouping>(parsed.GetValue(by)!, ignoreCase: true);
                if (await ReviewAsync(planning, grouping, environment.Mask, cancellation) is not { } review)
                    return ExitCode.Problems;
                var said = parsed.GetValue(file) is { } path
                    ? Save(environment, path, (request, planning.State), review.Review, output.Format(parsed))
                    : Print(environment.Out, review.Review, output.Format(parsed), palette);
                return said && review.IsWhole ? ExitCode.Done : ExitCode.Failed;
            }
        );
        return command;
    }

    private static Option<string?> FileOption() =>
        new("--out")
        {
            Description = "Write the report to a file that only its owner can read, since it holds addresses",
        };

    private static Option<string> GroupingOption()
    {
        var by = new Option<string>("--by")
        {
            Description = "How the rows are grouped",
            DefaultValueFactory = _ => Word(ReviewGrouping.Project),
        };
        by.AcceptOnlyFromAmong([.. Enum.GetValues<ReviewGrouping>().Select(Word)]);
        return by;
    }

    // Null where the manifests have problems.
    private static async Task<(AccessReview Review, bool IsWhole)?> ReviewAsync(
        PlanSession planning,
        ReviewGrouping grouping,
        AddressMask? mask,
        CancellationToken cancellation
    )
    {
        if (planning.Load() is not { } manifests)
            return null;
        using var remembered = RunState.OpenToRead(planning.State);
        using var connections = planning.Connect();
        var desired = await PlanSession.RecallAsync(manifests, remembered.Store, cancellation);
        var plan = await planning.PlanAsync(desired, connections, remembered.Store, cancellation);
        var trail = await remembered.HistoryAsync(cancellation);
        var meanings = await new MeaningsReader(connections.Of).RunAsync(plan, _ => true, cancellation);
        var provenance = new ReviewProvenance(await planning.Context.OriginAsync(), manifests.Files);
        var read = AccessReview.Of(plan, trail, grouping, meanings) with { Provenance = provenance };
        var review = read.Masked(plan, mask);
        return (review, !plan.Failures.Any() && !plan.Unclear.Any());
    }

    private static bool Print(TextWriter output, AccessReview review, string format, Palette palette)
    {
        switch (format)
        {
            case OutputFormat.Csv:
                CsvReview.Write(output, review);
                break;
            case OutputFormat.Json:
                output.WriteLine(ReviewDocument.Of(review).ToJson());
                break;
            case OutputFormat.Markdown:
                output.Write(MarkdownReview.Of(review));
                break;
            case OutputFormat.Html:
                output.Write(HtmlReview.Of(review));
                break;
            default:
                new TextReview(output, palette).Write(review);
                break;
        }

        return true;
    }

    private static bool Save(
        CliEnvironment environment,
        string path,
        (ManifestRequest Manifests, StateRequest State) read,
        AccessReview review,
        string format
    )
    {
        var isWritten = OutputFile.TryWrite(
            environment,
            path,
            read.Manifests,
            read.State,
            full =>
                PrivateFile.Write(
                    full,
                    stream =>
                    {
                        using var writer = new StreamWriter(stream) { NewLine = "\n" };
                        Print(writer, review, format, new Palette(false));
                    }
                )
        );
        if (!isWritten)
            return false;
        foreach (var sentence in new ReviewTotals(review).Sentences())
            environment.Out.WriteLine(sentence);
        foreach (var project in review.Projects.Where(p => p.Reading != ReviewReading.Read))
            environment.Out.WriteLine(TextReview.NotRead(project, new Palette(false)));
        environment.Out.WriteLine($"Written to {TerminalText.Escape(environment.Mask?.Text(path) ?? path)}.");
        return true;
    }

    private static string Word(ReviewGrouping by) => by.ToString().ToLowerInvariant();
}

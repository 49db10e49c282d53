using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Options;
using Reconciler.Reports;
using Reconciler.Runs;
using Reconciler.State;

namespace Reconciler.Verbs;

/// <summary><c>state history</c>: shows who got or lost what, when and why.</summary>
internal static class StateHistory
{
    private const int DefaultLimit = 50;

    public static Command Create(CliEnvironment environment)
    {
        var (state, output) = (new StateOption(environment), new OutputOptions("text", "json", "jsonl"));
        var person = new Option<string?>("--person") { Description = "Only this person, by address" };
        var project = new Option<string?>("--project")
        {
            Description = "Only this project: its document's name, or the vendor's id",
        };
        var (since, limit) = (SinceOption(environment), LimitOption());
        var command = new Command(
            "history",
            "Show who got or lost what, when, why, by whom and by which plan; the newest first. "
                + "With --format jsonl: a line an entry, the oldest first, each with its seal"
        )
        {
            state,
            person,
            project,
            since,
            limit,
        };
        output.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var session = new StateSession(environment, output.NoColour(parsed), state.Read(parsed));
                var given = new HistoryOptions(output.Format(parsed), parsed.GetValue(project), parsed.GetResult(limit))
                {
                    Query = new()
                    {
                        Person = parsed.GetValue(person),
                        Since = parsed.GetValue(since) is { } text ? TimeOf(text, environment.Clock) : null,
                        Limit = parsed.GetValue(limit) + 1,
                    },
                };
                return session.ReadAsync(store => ShowAsync(environment, session, store, given, cancellation));
            }
        );
        return command;
    }

    private static Option<string?> SinceOption(CliEnvironment environment)
    {
        var since = new Option<string?>("--since")
        {
            Description =
                "Only from a date or an instant on, or within a duration: 2026-03-01, 2026-03-01T12:00:00Z, 7d",
        };
        since.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<string?>() is { } text && TimeOf(text, environment.Clock) is null)
                r.AddError(
                    $"--since {text}: expected a date such as 2026-03-01, an instant such as 2026-03-01T12:00:00Z, "
                        + "or a duration such as 7d"
                );
        });
        return since;
    }

    private static Option<int> LimitOption()
    {
        var limit = new Option<int>("--limit")
        {
            Description = "The most entries, the newest first",
            DefaultValueFactory = _ => DefaultLimit,
        };
        limit.Validators.Add(r =>
        {
            // The parser itself refuses what is no number.
            if (
                r.Tokens is [var given]
                && int.TryParse(given.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var most)
                && most is < 1 or int.MaxValue
            )
                r.AddError("--limit: expected a whole number from 1 on");
        });
        return limit;
    }

    private static async Task<int> ShowAsync(
        CliEnvironment environment,
        StateSession session,
        StateStore store,
        HistoryOptions given,
        CancellationToken cancellation
    )
    {
        var query = given.Query;
        var remembered = await store.LoadAllAsync(cancellation);
        if (given.Project is { } word)
        {
            var projects = await ProjectsAsync(store, remembered, cancellation);
            if (session.Find(word, projects, out var found) is { } refusal)
                return session.Fail(refusal);
            query = query with { Project = found!.Key };
        }

        if (given.Format == "jsonl")
            return await LinesAsync(environment, store, query, given.Limit, cancellation);
        var entries = await store.HistoryAsync(query, cancellation);
        var more = entries.Count == query.Limit;
        if (more)
            entries.RemoveAt(entries.Count - 1);
        if (given.Format == "json")
            await environment.Out.WriteLineAsync(HistoryReport.ToJson(entries, more));
        else
            HistoryReport.Write(
                environment.Out,
                session.Palette,
                entries,
                more,
                Hint(query, entries.Count, remembered)
            );
        return ExitCode.Done;
    }

    private sealed record HistoryOptions(string Format, string? Project, OptionResult? Limit)
    {
        public required HistoryQuery Query { get; init; }
    }

    // For a machine that takes all of it: nothing is left out unless a limit was asked for.
    private static async Task<int> LinesAsync(
        CliEnvironment environment,
        StateStore store,
        HistoryQuery query,
        OptionResult? limit,
        CancellationToken cancellation
    )
    {
        var most = limit is { Implicit: false } ? query.Limit - 1 : int.MaxValue;
        var entries = await store.SealedHistoryAsync(query with { Limit = most }, cancellation);
        foreach (var entry in entries.OrderBy(e => e.Number))
            await environment.Out.WriteLineAsync(HistoryLine.Of(entry));
        return ExitCode.Done;
    }

    // Also those that are forgotten: their trail stays.
    private static async Task<List<NamedProject>> ProjectsAsync(
        StateStore store,
        ImmutableArray<StoredLedger> remembered,
        CancellationToken cancellation
    )
    {
        var known = StateSession.Named(remembered).Where(p => p.Document.Length > 0).ToList();
        var keys = known.Select(p => p.Key).ToHashSet();
        known.AddRange(
            (await store.ProjectsInHistoryAsync(cancellation))
                .Where(p => keys.Add(p.Key))
                .Select(p => new NamedProject(p.Key, p.Document))
        );
        return known;
    }

    private static string Hint(HistoryQuery query, int found, ImmutableArray<StoredLedger> remembered) =>
        found > 0 || query.Person is not { } person
            ? ""
            : ProblemText.DidYouMean(
                person,
                remembered.SelectMany(s => s.Ledger!.People).Select(p => p.Email).Distinct(StringComparer.Ordinal)
            );

    private static DateTimeOffset? TimeOf(string text, TimeProvider clock)
    {
        if (Duration.Parse(text) is { } duration)
            return clock.GetUtcNow() - duration.Value;
        // As a start, a date means its first moment; as an end, its last.
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return new(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return Expiry.Parse(text)?.At;
    }
}

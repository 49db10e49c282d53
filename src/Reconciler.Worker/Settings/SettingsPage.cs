using System.Collections.Immutable;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Manifests.Values;
using Reconciler.Hosting;
using Reconciler.Manifests.Schemas;
using Reconciler.State;
using static Reconciler.Manifests.Schemas.MarkdownText;

namespace Reconciler.Worker.Settings;

/// <summary>The page and the schema of the worker's settings, made from the shapes that they are read by.</summary>
public static class SettingsPage
{
    /// <summary>The page's place.</summary>
    internal const string Path = "docs/worker/settings.md";

    /// <summary>The schema's place.</summary>
    public const string SchemaPath = "schemas/worker.json";

    private const string Example = """
        # worker.yaml
        source:
          git:
            url: https://github.com/example/access.git
            path: people
            tokenFile: /run/secrets/git/token
        state: /var/lib/reconciler/state.db
        secretsDir: /run/secrets/reconciler
        guardrails: /etc/reconciler/guardrails.yaml
        maxRemovals: "10"
        operations: {listen: "0.0.0.0:8080"}
        notifications:
        - urlFile: /run/secrets/reconciler/slack-url
          events: [held, failing, recovered]
        log: {format: json}
        """;

    private static readonly string[] GivenColumns = ["Setting", "Variable", "Such as"];

    /// <summary>Makes both.</summary>
    public static IEnumerable<GeneratedFile> All()
    {
        var shape = WorkerSettings.Shape;
        yield return new(SchemaPath, new JsonSchemaWriter([]).Write("Settings of the reconciler worker", shape));
        yield return new(Path, Page(shape));
    }

    /// <summary>A value as a variable or <c>--set</c> gives it.</summary>
    /// <param name="shape">The setting's shape.</param>
    internal static string ExampleOf(ValueShape shape) =>
        shape switch
        {
            TextShape text => text.Bounds.Example ?? "",
            // Every duration here is an interval; the usual example is as long as an invitation waits.
            FormShape<Duration> => "30s",
            FlagShape => "true",
            // The first word is often the default.
            WordShape word => word.Words.Last(),
            ListShape list => ExampleOf(list.Item),
            MapShape map => $"clarifeye-eu={ExampleOf(map.Value)}",
            _ => throw new InvalidOperationException($"{shape.GetType().Name} cannot be given in one word"),
        };

    private static string Page(RecordShape shape)
    {
        var page = new MarkdownText()
            .Heading(1, "Settings of the worker")
            .Paragraph(
                "<!-- Generated from the settings' types; the test Generated_files_are_current says how to "
                    + "renew it. -->"
            )
            .Paragraph(
                "`reconciler worker --config worker.yaml` reads them; `--check` tells every problem at once, "
                    + "with file, line and a suggestion, and ends. "
                    + "Editors check and complete the file by its first line: "
                    + $"`# yaml-language-server: $schema=…/{SchemaPath}`."
            )
            .Fence("yaml", Example);
        Precedence(page);
        Reload(page, [.. shape.Fields.Select(f => f.Name)]);
        page.Heading(2, "Every setting").Paragraph("A dot is a mapping inside a mapping, `[]` an item of a list.");
        var fields = new FieldTable();
        page.Table(FieldTable.Columns, shape.Fields.SelectMany(f => fields.Rows(f, shape, f.Name)));
        foreach (var rule in shape.Fields.SelectMany(f => FieldTable.Rules(f, f.Name)))
            page.Paragraph(rule);
        page.Paragraph(
            "Two listeners never have one port. `status` beyond loopback needs `tokenFile`. `sshKeyFile` "
                + "goes with an address of ssh and needs `knownHostsFile`; `tokenFile` goes with https. "
                + "A notification's `url` is https, except on loopback. Ports: [what is shown where](web.md). "
                + "Sources: [where the manifests come from](sources.md)."
        );
        page.Heading(2, "Variables and --set")
            .Paragraph(
                "A list has commas between its items, a mapping `name=value`. Lists of mappings, such as "
                    + $"`notifications`, stand in the file alone. A `{SettingsField.Prefix}` variable that is no "
                    + "setting is an error."
            );
        page.Table(
            GivenColumns,
            SettingsField.All.Select(f =>
                (string[])[Code(f.Path), Code(f.Variable), Code($"{f.Path}={ExampleOf(f.Shape)}")]
            )
        );
        return page.ToString();
    }

    private static void Precedence(MarkdownText page) =>
        page.Heading(2, "Which one counts")
            .Paragraph(
                "The file, then the environment, then the command line: each later one wins, setting by "
                    + "setting. A list or a mapping of values is replaced as a whole. A variable that is empty "
                    + "is an error: it may be a limit that nobody filled in."
            )
            .Paragraph(
                $"`{StatePlace.Variable}` names the [state](../state.md), for the worker as for every command. It wins "
                    + $"over the file; `{SettingsField.State.Variable}` and the command line win over it. Where it is "
                    + "empty, it counts as absent."
            )
            .Paragraph(
                "On the command line, `--git`, `--branch`, `--path`, `--follow`, `--state`, `--listen` and "
                    + "`--log-format` are short for settings. `--set SETTING=VALUE` gives any other, may be "
                    + "repeated, and wins over the short ones. "
                    + "There is one source: where the file has `source.git`, `--follow` is a problem and no "
                    + "replacement."
            )
            .Paragraph("Relative paths, in the file too, start from the folder that the worker was started in.")
            .Paragraph(
                "Secrets are never settings: a setting names the file that holds one. Tokens of vendors "
                    + "stand where each AccessProvider says, in a variable or below `secretsDir`."
            );

    private static void Reload(MarkdownText page, ImmutableArray<string> names) =>
        page.Heading(2, "Reload")
            .Paragraph(
                "SIGHUP (`systemctl reload reconciler-worker`, `kill -HUP`) reads the file again, and the "
                    + "manifests after it; variables and the command line stay as they were at the start. Settings "
                    + "with a problem change nothing: the log tells the problem, and those before stay."
            )
            .Paragraph(
                "Taken over while it runs: "
                    + $"{Listed(names.Except(WorkerHost.Fixtures, StringComparer.Ordinal))}. The files that "
                    + "`guardrails`, `connections` and `vendors` name are read again, too."
            )
            .Paragraph(
                "Only a restart takes over "
                    + $"{Listed(names.Intersect(WorkerHost.Fixtures, StringComparer.Ordinal))}; the log names those "
                    + "that changed. Files with tokens are read at each use and need neither."
            );

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(Code));
}

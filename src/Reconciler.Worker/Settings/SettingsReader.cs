using System.Collections;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Manifests.Files;
using Reconciler.Manifests.Yaml;
using Reconciler.State;

namespace Reconciler.Worker.Settings;

/// <summary>Where a worker's settings come from: each later one wins.</summary>
/// <param name="File">The settings file; null where there is none.</param>
/// <param name="Variables">The environment.</param>
/// <param name="Given">What the command line gives: the setting's path, its value, and the option that gave it.</param>
public sealed record SettingsOrigins(
    string? File,
    IReadOnlyDictionary<string, string> Variables,
    IReadOnlyList<(string Path, string Value, string Option)> Given
)
{
    private const string Place = "variable ";

    /// <summary>The place of a setting that a variable gives.</summary>
    internal static Position PlaceOf(string variable) => new(Place + variable, 0, 0);

    /// <summary>The variable whose place this is; null where it is the place of something else.</summary>
    internal static string? VariableAt(Position place) =>
        place.Path.StartsWith(Place, StringComparison.Ordinal) ? place.Path[Place.Length..] : null;

    /// <summary>The process's environment.</summary>
    public static IReadOnlyDictionary<string, string> ProcessVariables() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
}

/// <summary>
/// Reads a worker's settings. They go through the same shapes as manifests, so that every problem is told at once, with
/// its line.
/// </summary>
public static class SettingsReader
{
    private const int LargestFile = 1 << 20;

    /// <summary>Reads them.</summary>
    /// <param name="origins">Where they come from.</param>
    /// <param name="problems">Gets every problem found; the settings must not be used where one is an error.</param>
    /// <param name="filesFrom">
    /// The folder that relative paths start from, where the files that are named must be there; null where nobody
    /// looks.
    /// </param>
    /// <param name="folder">
    /// The folder that relative paths start from, where the places that are named are looked at; null where nobody
    /// looks.
    /// </param>
    public static WorkerSettings? Read(
        SettingsOrigins origins,
        Problems problems,
        string? filesFrom = null,
        string? folder = null
    )
    {
        var before = problems.ErrorCount;
        var root = origins.File is { } file ? FileOf(file, problems) : null;
        var isRead = problems.ErrorCount == before;
        var merged = new Tree(root);
        // What every command takes from the environment; the worker's own variable comes later, and wins.
        if (origins.Variables.GetValueOrDefault(StatePlace.Variable) is { } state && !string.IsNullOrWhiteSpace(state))
            merged.Set(SettingsField.State, state, SettingsOrigins.PlaceOf(StatePlace.Variable));
        var variables = origins.Variables.Where(v => v.Key.StartsWith(SettingsField.Prefix, StringComparison.Ordinal));
        foreach (var (name, value) in variables.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            var place = SettingsOrigins.PlaceOf(name);
            // An empty limit or filter is a variable that was not filled in, and no wish to have none.
            if (string.IsNullOrWhiteSpace(value))
                problems.Error(place, "is empty; expected a value, or no such variable");
            else if (SettingsField.All.FirstOrDefault(f => f.Variable == name) is { } field)
                merged.Set(field, value, place);
            else if (!ServiceVariable.Is(name, value))
                problems.Error(
                    place,
                    "is no setting of the worker"
                        + ProblemText.DidYouMean(name, SettingsField.All.Select(f => f.Variable))
                );
        }

        foreach (var (path, value, option) in origins.Given)
        {
            var place = new Position(option, 0, 0);
            if (SettingsField.All.FirstOrDefault(f => f.Path == path) is { } field)
                merged.Set(field, value, place);
            else
                problems.Error(
                    place,
                    $"{ProblemText.Quote(path)} is no setting of the worker"
                        + ProblemText.DidYouMean(path, SettingsField.All.Select(f => f.Path))
                );
        }

        // What seems to be missing may stand in the file that could not be read.
        if (!isRead)
            return null;
        var settings = (WorkerSettings?)WorkerSettings.Shape.Read(merged.ToNode(origins.File ?? "settings"), problems);
        if (settings is not null)
            SettingsCheck.Check(settings, problems);
        if (settings is not null && (folder ?? filesFrom) is { } start)
            SettingsPlaces.Check(settings, start, problems);
        if (settings is not null && filesFrom is not null)
            SettingsFiles.Check(settings, filesFrom, problems);
        return problems.HasErrors ? null : settings;
    }

    private static MappingNode? FileOf(string file, Problems problems)
    {
        try
        {
            var bytes = UserFile.ReadRegular(file, LargestFile);
            var documents = new List<Node>();
            if (SourceText.Decode(file, bytes, problems) is not { } text)
                return null;
            if (!YamlTreeReader.Read(file, text, problems, documents))
                return null;
            if (documents is [] or [ScalarNode { Kind: ScalarKind.Nothing }])
                return null;
            if (documents is [MappingNode settings])
                return settings;
            problems.Error(
                documents[^1],
                documents.Count > 1
                    ? "is a second document; expected one"
                    : $"is {documents[0].Describe()}; expected a mapping with source and more"
            );
        }
        catch (UnfitFileException unfit)
        {
            problems.Error(
                new Position(file, 0, 0),
                unfit.IsTooLong ? $"{unfit.What}; expected a settings file" : unfit.What
            );
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Error(new Position(file, 0, 0), $"cannot be read: {unreadable.Message}");
        }

        return null;
    }

    /// <summary>The settings while they are put together.</summary>
    private sealed class Tree
    {
        private readonly List<(ScalarNode Key, object Value)> _entries = [];
        private readonly Position? _position;

        public Tree(MappingNode? from)
        {
            _position = from?.Position;
            foreach (var entry in from?.Entries.AsEnumerable() ?? [])
                _entries.Add((entry.Key, entry.Value is MappingNode inner ? new Tree(inner) : entry.Value));
        }

        public void Set(SettingsField field, string value, Position place)
        {
            var tree = this;
            var parts = field.Path.Split('.');
            foreach (var part in parts[..^1])
                tree = tree.Below(part, place);
            tree.Put(parts[^1], NodeOf(field.Shape, value, place), place);
        }

        public MappingNode ToNode(string file) => Build(new Position(file, 1, 1));

        private MappingNode Build(Position otherwise) =>
            new(
                _position ?? otherwise,
                [
                    .. _entries.Select(e => new MappingEntry(
                        Fresh(e.Key),
                        e.Value is Tree tree ? tree.Build(e.Key.Position) : (Node)e.Value
                    )),
                ]
            );

        // A key belongs to the mapping that it was read with; the merged one needs its own.
        private static ScalarNode Fresh(ScalarNode key) => new(key.Position, key.Text, key.Quoted);

        private Tree Below(string name, Position place)
        {
            var at = _entries.FindIndex(e => e.Key.Text == name);
            if (at >= 0 && _entries[at].Value is Tree tree)
                return tree;
            var made = new Tree(null);
            if (at >= 0)
                _entries[at] = (_entries[at].Key, made);
            else
                _entries.Add((new(place, name, quoted: true), made));
            return made;
        }

        private void Put(string name, Node value, Position place)
        {
            _entries.RemoveAll(e => e.Key.Text == name);
            _entries.Add((new(place, name, quoted: true), value));
        }

        private static Node NodeOf(ValueShape shape, string value, Position place) =>
            shape switch
            {
                ListShape list => new SequenceNode(place, [.. Parts(value).Select(v => NodeOf(list.Item, v, place))]),
                MapShape map => new MappingNode(
                    place,
                    [
                        .. Parts(value)
                            .Select(v => v.Split('=', 2))
                            .Select(p => new MappingEntry(
                                new(place, p[0], quoted: true),
                                NodeOf(map.Value, p.Length == 2 ? p[1] : "", place)
                            )),
                    ]
                ),
                FlagShape or NumberShape => new ScalarNode(place, value, quoted: false),
                _ => new ScalarNode(place, value, quoted: true),
            };

        private static string[] Parts(string value) =>
            value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}

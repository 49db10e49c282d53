using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Reconciler.Core.Actions;
using Reconciler.Core.Importing;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine.Importing;
using Reconciler.Manifests.Loading;
using Reconciler.Manifests.Writing;
using Reconciler.Reports;

namespace Reconciler.Importing;

/// <summary>What an import came to.</summary>
/// <param name="Draft">What the files say.</param>
/// <param name="Files">The files, in the order of writing.</param>
internal sealed record ImportResult(ImportDraft Draft, ImmutableArray<ManifestFile> Files)
{
    /// <summary>Projects that manifests declare already, with where.</summary>
    public ImmutableArray<DesiredProject> Declared { get; init; } = [];

    /// <summary>Projects that could not be read.</summary>
    public ImmutableArray<(NamedPlace Place, string Message)> Failures { get; init; } = [];

    /// <summary>
    /// What a plan of the written manifests changes all the same, such as an invitation that is left over.
    /// </summary>
    public ImmutableArray<(string Project, PlannedAction Action)> Changes { get; init; } = [];

    /// <summary>Everybody who was read, as the vendor spells them.</summary>
    public ImmutableArray<string> Addresses { get; init; } = [];

    /// <summary>What is wrong with what would be written; then nothing is.</summary>
    public Problems? Problems { get; init; }
}

/// <summary>
/// Imports live projects. What is to be written goes through the reader and the planner that a plan uses, before it is
/// written: what the manifests' own rules refuse becomes a comment, and what a plan would change is told.
/// </summary>
/// <param name="request">What to import.</param>
/// <param name="resolved">The manifests that are there.</param>
/// <param name="provider">The connection.</param>
/// <param name="clock">The time.</param>
internal sealed partial class ImportRun(
    ImportRequest request,
    ResolvedManifests resolved,
    DesiredProvider provider,
    TimeProvider clock
)
{
    /// <summary>Told how many projects there are to read; gives what shows how far that has come.</summary>
    public required Func<int, ReadingProgress> OnReading { get; init; }

    /// <summary>Lists, reads and drafts; nothing is written.</summary>
    /// <exception cref="ProviderException">The projects cannot be listed, or one is named by what is no id.</exception>
    public async Task<ImportResult> DraftAsync(ProviderConnection connection, CancellationToken cancellation)
    {
        var places = await PlacesAsync(connection, cancellation);
        var declared = resolved.Projects.DistinctBy(p => p.Key).ToDictionary(p => p.Key);
        // Checked before anything is read.
        var chosen = ChosenNames.Of(request, provider, resolved.Manifests, places);
        var fresh = places.Where(p => !declared.ContainsKey(KeyOf(p))).ToImmutableArray();
        var progress = OnReading(fresh.Length);
        var reading = await new ImportReader(provider, connection.Reader).RunAsync(
            fresh,
            (place, live, failure) =>
                progress.Read(
                    $"{provider.Name}: {place.Name ?? place.Id}",
                    () => live is null ? $"not read: {failure}" : ReadingProgress.Found(live)
                ),
            cancellation
        );
        progress.Clear();
        return Draft(reading, chosen) with
        {
            Declared =
            [
                .. places
                    .Select(p => declared.GetValueOrDefault(KeyOf(p)))
                    .OfType<DesiredProject>()
                    .OrderBy(p => p.Id, StringComparer.Ordinal),
            ],
            Failures = reading.Failures,
            Addresses =
            [
                .. reading.Read.SelectMany(r =>
                    r.Live.Members.Select(m => m.Email).Concat(r.Live.Invitations.Select(i => i.Email))
                ),
            ],
        };
    }

    private async Task<ImmutableArray<NamedPlace>> PlacesAsync(
        ProviderConnection connection,
        CancellationToken cancellation
    )
    {
        if (request.All)
        {
            return await (
                connection.Directory
                ?? throw Refused(
                    $"{provider.Vendor.Capabilities.NoDirectory}: pass --project ID, once for each project, "
                        + "instead of --all"
                )
            ).ListAsync(cancellation);
        }

        var ids = request.Projects.Select(provider.Vendor.NormalProject).Distinct(StringComparer.Ordinal).ToList();
        foreach (var id in ids)
        {
            if (provider.Vendor.ProblemOfProject(id) is { } problem)
                throw Refused($"--project {problem}");
        }

        // The list only gives the projects' names: an id that it lacks is read all the same, which fails if it is
        // wrong.
        var listed = connection.Directory is { } directory ? await directory.ListAsync(cancellation) : [];
        var names = listed.ToDictionary(p => provider.Vendor.NormalProject(p.Id), p => p.Name, StringComparer.Ordinal);
        return [.. ids.Select(id => new NamedPlace(id, names.GetValueOrDefault(id)))];
    }

    private ImportResult Draft(ImportReading reading, Dictionary<string, string> chosen)
    {
        var people = ImportDrafter.People(provider, resolved.Manifests, reading.Read, clock.GetUtcNow(), chosen);
        var paths = new ImportPaths(request, provider);
        // Checked person by person before teams are formed, so that a refusal points at that person's own entry.
        var refused = Refused(Check(paths.Of(people)).Problems, people, paths);
        var draft = ImportDrafter.Fold(ImportDrafter.Without(people, refused), resolved.Manifests);
        var files = paths.Of(draft);
        var read = Check(files);
        return new(draft, files)
        {
            Problems = read.Problems.HasErrors ? read.Problems : null,
            Changes = read.Problems.HasErrors ? [] : Changes(read, draft, reading),
        };
    }

    private ResolvedManifests Check(ImmutableArray<ManifestFile> files) =>
        ManifestLoaders
            .Of(clock)
            .Load(request.Manifests with { Drafts = [.. files.Select(f => (Shown(f.Path), f.Text))] });

    private string Shown(string path) => Path.Combine(request.Folder, path);

    private Dictionary<(string Project, int Entry), string> Refused(
        Problems problems,
        ImportDraft draft,
        ImportPaths paths
    )
    {
        var refused = new Dictionary<(string Project, int Entry), string>();
        var byPath = draft.Projects.ToDictionary(p => Shown(paths.Of(p)), p => p.Name, StringComparer.Ordinal);
        foreach (var problem in problems.Sorted.Where(p => p.Severity == Severity.Error))
        {
            var entry = EntryField().Match(problem.Field);
            if (entry.Success && byPath.TryGetValue(problem.Position.Path, out var project))
                refused.TryAdd(
                    (
                        project,
                        int.Parse(entry.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture)
                    ),
                    problem.Message
                );
        }

        return refused;
    }

    private ImmutableArray<(string Project, PlannedAction Action)> Changes(
        ResolvedManifests read,
        ImportDraft draft,
        ImportReading reading
    )
    {
        var live = reading.Read.ToDictionary(r => KeyOf(r.Place), r => r.Live);
        var names = draft.Projects.ToDictionary(p => KeyOf(p.Place), p => p.Name);
        return
        [
            .. read
                .Projects.Where(p => live.ContainsKey(p.Key))
                .SelectMany(p =>
                    Planner
                        .Plan(p, live[p.Key], ProjectLedger.None, clock.GetUtcNow())
                        .Actions.Select(a => (names[p.Key], a))
                ),
        ];
    }

    private ProjectKey KeyOf(NamedPlace place) => new DesiredProject(place.Id, provider, place.Id, []).Key;

    private static ProviderException Refused(string message) => new(ProviderFault.Configuration, message);

    [GeneratedRegex(@"^spec\.members\[(?<number>\d+)\]", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex EntryField();
}

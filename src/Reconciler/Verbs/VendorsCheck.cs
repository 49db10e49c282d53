using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Manifests.Loading;
using Reconciler.Options;
using Reconciler.Providers;
using Reconciler.Providers.Http;
using Reconciler.Reports;
using Reconciler.Runs;

namespace Reconciler.Verbs;

/// <summary><c>vendors check</c>: reads definitions, prints what they do, and tries one against its vendor.</summary>
internal sealed class VendorsCheck(CliEnvironment environment, Palette palette)
{
    /// <summary>Whether problems are printed for a GitHub job.</summary>
    public bool IsGitHub { get; init; }

    /// <summary>Whether every warning is printed.</summary>
    public bool Verbose { get; init; }

    /// <summary>Runs the check.</summary>
    /// <param name="request">The vendors that definitions may replace.</param>
    /// <param name="files">Files and folders with definitions.</param>
    /// <param name="trial">The project to read; null for none.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(
        ManifestRequest request,
        IReadOnlyList<string> files,
        Trial? trial,
        CancellationToken cancellation
    )
    {
        var problems = new Problems();
        var vendors = VendorFolder.Described(request, files, ManifestLoaders.Vendors, problems);
        if (IsGitHub)
            ProblemReport.WriteCommands(environment.Out, problems.Sorted);
        else
            ProblemReport.Write(environment.Out, palette, problems.Sorted, Verbose);
        var summary = new VendorSummary(environment.Out, palette);
        foreach (var vendor in trial is null ? vendors : [])
            summary.Write(vendor.Vendor, vendor.Origin);
        if (problems.HasErrors)
            return ExitCode.Problems;
        await environment.Out.WriteLineAsync(
            $"{palette.Good("Valid:")} {TextNames.Count(vendors.Length, "definition", "definitions")}."
        );
        if (trial is null)
            return ExitCode.Done;
        if (vendors.Length != 1)
            return Fail("--against tries one definition; expected a file with one");
        return await TryAsync(vendors[0].Vendor, trial, cancellation);
    }

    private async Task<int> TryAsync(Vendor vendor, Trial trial, CancellationToken cancellation)
    {
        if (vendor.ProblemOfProject(trial.ProjectId) is { } odd)
            return Fail($"--project {odd}");
        if (OwnVariables.All.Contains(trial.TokenVariable))
            return Fail("--token-env names a setting of this program, which is no token");
        if (environment.Variable(trial.TokenVariable) is not { Length: > 0 } token)
            return Fail(
                // Somebody may have pasted the token in the place of a name.
                trial.TokenVariable == AgainstOptions.UsualVariable
                    ? $"{AgainstOptions.UsualVariable} is not set, so there is no token; --token-env names another variable"
                    : "the environment variable that --token-env names is not set, so there is no token"
            );
        var requests = 0;
        var settings = new ConnectionSettings(trial.BaseUrl, _ => ValueTask.FromResult(token))
        {
            // The reader sends GET alone; should it ever send anything else, nothing would leave this process.
            MayWrite = () => false,
            Clock = environment.Clock,
            Observer = seen =>
            {
                Interlocked.Increment(ref requests);
                if (environment.Log.TellsRequests)
                    environment.Log.Request(trial.BaseUrl, seen);
            },
        };
        try
        {
            using var connection = ProviderCatalog.Connect(vendor, settings);
            var live = await connection.Reader.ReadAsync(Project(vendor, trial), cancellation);
            await environment.Out.WriteLineAsync(
                $"\n{palette.Strong($"{trial.ProjectId} at {trial.BaseUrl}")}: "
                    + string.Create(CultureInfo.InvariantCulture, $"read with {requests} GET, nothing was written")
            );
            LiveTable.Write(environment.Out, palette, vendor, live);
            var people = live.Members.Count(m => !m.IsService);
            return people > 0 && live.Members.All(m => m.IsService || m.Email.Length == 0)
                ? Fail("no member has an address, so that a plan could recognise nobody; check where email is")
                : ExitCode.Done;
        }
        catch (ProviderException failure)
        {
            return Fail(failure.Message);
        }
    }

    private static DesiredProject Project(Vendor vendor, Trial trial) =>
        new(
            $"default/{trial.ProjectId}",
            new(
                $"default/{vendor.Type}",
                vendor,
                trial.BaseUrl,
                new AccessProviderSpec
                {
                    Type = vendor.Type,
                    BaseUrl = trial.BaseUrl.AbsoluteUri,
                    Credentials = new() { Token = new() { Env = trial.TokenVariable } },
                }
            ),
            trial.ProjectId,
            []
        );

    private int Fail(string message)
    {
        ProblemReport.WriteError(environment.Error, palette, message);
        return ExitCode.Failed;
    }
}

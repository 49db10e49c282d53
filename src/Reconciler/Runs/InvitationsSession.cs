using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Manifests.Loading;
using Reconciler.Reports;

namespace Reconciler.Runs;

/// <summary>One run of the verb: manifests read, a connection chosen, failures told.</summary>
internal sealed class InvitationsSession(
    CliEnvironment environment,
    ManifestRequest request,
    string? provider,
    Palette palette,
    bool verbose
)
{
    public Palette Palette => palette;

    public async Task<int> RunAsync(Func<string, IOwnInvitations, Task<int>> act)
    {
        if (Load() is not { } resolved)
            return ExitCode.Problems;
        if (Choose(resolved, out var chosen) is { } refusal)
            return Fail(refusal);
        using var connections = environment.Connect(request.SecretsFolder);
        try
        {
            var own = connections.Of(chosen!).OwnInvitations;
            return own is null ? Fail(HasNone(chosen!)) : await act(chosen!.Id, own);
        }
        catch (ProviderException failure)
        {
            return Fail($"{chosen!.Name}: {failure.Message}");
        }
    }

    public int Fail(string message)
    {
        ProblemReport.WriteError(environment.Error, palette, message);
        return ExitCode.Failed;
    }

    /// <summary>The manifests, with their problems said; null where they refuse the run.</summary>
    public ResolvedManifests? Load() => new PlanSession(environment, request, "text", palette, verbose).Load();

    /// <summary>The providers to ask: the named one, or all.</summary>
    public (IReadOnlyList<DesiredProvider> Providers, string? Refusal) Asked(ResolvedManifests resolved)
    {
        IReadOnlyList<DesiredProvider> meant = provider is null ? resolved.Connections : Named(resolved);
        return provider is not null && meant.Count == 0 ? ([], NoProvider(resolved)) : (meant, null);
    }

    private List<DesiredProvider> Named(ResolvedManifests resolved) =>
        [.. resolved.Connections.Where(c => c.Name == provider || c.Id == provider)];

    private string NoProvider(ResolvedManifests resolved) =>
        $"no AccessProvider is named {ProblemText.Quote(provider!)}"
        + ProblemText.DidYouMean(provider!, resolved.Connections.Select(c => c.Id).Select(TextNames.Short));

    private string? Choose(ResolvedManifests resolved, out DesiredProvider? chosen)
    {
        var able = resolved.Connections.Where(c => c.Vendor.Capabilities.OwnInvitations).ToList();
        var meant = provider is null ? able : Named(resolved);
        chosen = meant.Count == 1 ? meant[0] : null;
        if (chosen is not null)
            return chosen.Vendor.Capabilities.OwnInvitations ? null : HasNone(chosen);
        var names = able.Select(c => c.Id).Select(TextNames.Short).ToList();
        if (provider is not null && meant.Count == 0)
            return $"no AccessProvider is named {ProblemText.Quote(provider)}"
                + ProblemText.DidYouMean(provider, names);
        return names.Count == 0
            ? "no AccessProvider is of a vendor that lists the invitations of its token's user"
            : $"several providers could be meant; choose one with --provider: {string.Join(", ", names)}";
    }

    private static string HasNone(DesiredProvider chosen) =>
        $"{chosen.Name}: {chosen.Vendor.Name} has no list of the invitations of its token's user";
}

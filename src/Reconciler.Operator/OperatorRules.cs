using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Hosting;
using Reconciler.Hosting.Web;
using Reconciler.Operator.Vendors;

namespace Reconciler.Operator;

/// <summary>
/// Holds the rules of the runner, which no namespace can relax. Its Guardrails are read again every minute, since the
/// ConfigMap that they are mounted from may change; wrong ones change nothing. The vendors are those of the program,
/// and those that VendorDefinitions of the cluster describe just now.
/// </summary>
internal sealed class OperatorRules
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromMinutes(1);

    private readonly OperatorSettings _settings;
    private readonly HostEnvironment _environment;
    private readonly ClusterVendors _vendors;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private DateTimeOffset _readAt;
    private RunnerRules _rules;

    /// <summary>Reads them for the first time.</summary>
    /// <param name="settings">Where they are.</param>
    /// <param name="environment">The process's environment.</param>
    /// <param name="vendors">The VendorDefinitions of the cluster.</param>
    /// <param name="logger">Where problems are logged.</param>
    /// <exception cref="ListenerException">They cannot be read.</exception>
    public OperatorRules(OperatorSettings settings, HostEnvironment environment, ClusterVendors vendors, ILogger logger)
    {
        (_settings, _environment, _vendors, _logger) = (settings, environment, vendors, logger);
        _readAt = environment.Clock.GetUtcNow();
        _rules = Read(_readAt) ?? throw new ListenerException("the runner's Guardrails cannot be read");
    }

    /// <summary>The vendors that the program knows by itself.</summary>
    public VendorSet BuiltIn => LastRead.Vendors;

    /// <summary>The runner's own Guardrails, which hold in every namespace.</summary>
    public ImmutableArray<Guardrail> Guardrails => LastRead.Guardrails;

    private RunnerRules LastRead
    {
        get
        {
            lock (_gate)
                return _rules;
        }
    }

    /// <summary>The rules, as of now.</summary>
    public RunnerRules Now()
    {
        var now = _environment.Clock.GetUtcNow();
        lock (_gate)
        {
            if (now - _readAt > ReadAgainAfter)
                (_rules, _readAt) = (Read(now) ?? _rules, now);
            return _vendors.Include(_rules with { Now = now });
        }
    }

    private RunnerRules? Read(DateTimeOffset now)
    {
        var problems = new Problems();
        var rules = _environment.Loader.RulesOf(_settings.Request(_environment.Folder), now, problems);
        foreach (var problem in problems.Sorted.Where(p => p.Severity == Severity.Error))
            OperatorLog.Unforeseen(_logger, $"the runner's Guardrails stay as they were: {problem}");
        return problems.HasErrors ? null : rules;
    }
}

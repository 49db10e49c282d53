using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Hosting;
using Reconciler.Hosting.Web;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Kubernetes.Leasing;
using Reconciler.Operator;
using Reconciler.Options;
using Reconciler.Reports;
using Reconciler.Worker.Settings;

namespace Reconciler.Verbs;

/// <summary>
/// <c>operator</c>: reconciles the custom resources of a cluster, until it is stopped.
/// </summary>
internal sealed class OperatorVerb
{
    private const string Unlimited = "none";

    private readonly Option<string?> _kubeconfig = new("--kubeconfig")
    {
        Description = "The kubeconfig file (default: in a pod its own account, else KUBECONFIG)",
    };
    private readonly Option<string?> _context = new("--context")
    {
        Description = "The context of the kubeconfig (default: its current one)",
    };
    private readonly Option<string?> _watchNamespace = new("--watch-namespace")
    {
        Description = "The only namespace to look at (default: all)",
    };
    private readonly Option<string?> _selector = new("--watch-label-selector")
    {
        Description = "Reconcile only ProjectMemberships with these labels, such as shard=a; other kinds need no label",
    };
    private readonly Option<string?> _shard = new("--shard")
    {
        Description = "The name of this shard, for its Lease and the statuses (default: default)",
    };
    private readonly Option<bool> _elect = new("--leader-elect")
    {
        Description = "Let one replica work at a time; false for a single operator",
        DefaultValueFactory = _ => true,
    };
    private readonly Option<string?> _leaseNamespace = new("--lease-namespace")
    {
        Description =
            "The namespace of the Lease (default: the pod's own; outside a pod the kubeconfig context's, or default)",
    };
    private readonly Option<string?> _listen = new("--listen")
    {
        Description = "Where health and metrics are served, or off (default: 127.0.0.1:8080)",
    };
    private readonly Option<string[]> _allowHost = new("--allow-host")
    {
        Description = "A host that tokens may go to, besides the vendors' published ones",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Option<bool> _vendorDefinitions = new("--vendor-definitions")
    {
        Description = "Take vendors that VendorDefinitions of the cluster describe; the cluster must know the kind",
    };
    private readonly Option<string[]> _override = VendorOptions.OverrideOption();
    private readonly Option<string?> _guardrails = new("--guardrails")
    {
        Description = "A file or folder with Guardrails that no namespace can relax",
    };
    private readonly Option<string?> _maxRemovals = new("--max-removals")
    {
        Description =
            "The most removals per hour and account, which no namespace can relax; none lifts the built-in limits",
    };
    private readonly Option<string?> _deletionGrace = new("--deletion-grace")
    {
        Description = "How long a deletion waits for another ProjectMembership to take the project over (default: 1m)",
    };

    private readonly Option<string> _logFormat = Words<LogFormat>("--log-format", "The format of the logs", "text");
    private readonly Option<string> _logLevel = Words<LogDetail>("--log-level", "What is logged", "info");
    private readonly Option<bool> _maskEmails = new("--mask-emails") { Description = "Hide addresses in the logs" };

    private OperatorVerb()
    {
        _listen.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string?>();
            if (text is not null && text != WorkerDefaults.Off && ListenAddress.Parse(text) is null)
                result.AddError($"--listen {text}: expected {ListenAddress.Expected}, or off");
        });
        _override.Validators.Add(CheckOverridden);
        _maxRemovals.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string?>();
            if (text is not null && text != Unlimited && !TryCount(text, out _))
                result.AddError($"--max-removals {text}: expected a whole number or none");
        });
        _deletionGrace.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && Duration.Parse(text) is null)
                result.AddError($"--deletion-grace {text}: expected {Duration.Expected}");
        });
        _selector.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is not { } text)
                return;
            try
            {
                LabelQuery.Parse(text);
            }
            catch (FormatException wrong)
            {
                result.AddError($"--watch-label-selector: {wrong.Message}");
            }
        });
        _shard.Validators.Add(result =>
        {
            if (
                result.GetValueOrDefault<string?>() is { } text
                && (
                    text.Length is 0 or > 40
                    || !text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
                    || text[0] == '-'
                    || text[^1] == '-'
                )
            )
                result.AddError($"--shard {text}: expected lower-case letters, digits and dashes, at most 40");
        });
    }

    private void CheckOverridden(OptionResult result)
    {
        if (result.GetResult(_vendorDefinitions)?.GetValueOrDefault<bool>() != true)
            result.AddError("--override-vendor replaces a vendor by a definition; expected --vendor-definitions too");
        var types = ManifestLoaders.Vendors.Types.ToList();
        foreach (var name in (result.GetValueOrDefault<string[]>() ?? []).Where(n => !types.Contains(n)))
            result.AddError(
                $"--override-vendor {name}: the program has no such vendor, so that any definition may have the name; "
                    + $"expected one of {string.Join(", ", types)}{ProblemText.DidYouMean(name, types)}"
            );
    }

    public static Command Create(CliEnvironment environment)
    {
        var verb = new OperatorVerb();
        var command = new Command("operator", "Reconcile the custom resources of a Kubernetes cluster, until stopped");
        foreach (
            var option in (Option[])
                [
                    verb._kubeconfig,
                    verb._context,
                    verb._watchNamespace,
                    verb._selector,
                    verb._shard,
                    verb._elect,
                    verb._leaseNamespace,
                    verb._listen,
                    verb._allowHost,
                    verb._vendorDefinitions,
                    verb._override,
                    verb._guardrails,
                    verb._maxRemovals,
                    verb._deletionGrace,
                    verb._logFormat,
                    verb._logLevel,
                    verb._maskEmails,
                ]
        )
            command.Options.Add(option);
        command.SetAction((parsed, cancellation) => verb.RunAsync(environment, parsed, cancellation));
        return command;
    }

    private async Task<int> RunAsync(CliEnvironment environment, ParseResult parsed, CancellationToken cancellation)
    {
        var settings = SettingsOf(parsed);
        var problems = new Problems();
        environment.Loader.RulesOf(settings.Request(environment.Folder), environment.Clock.GetUtcNow(), problems);
        var palette = environment.Palette(noColour: false);
        ProblemReport.Write(environment.Error, palette, problems.Sorted, verbose: true, "the operator was not started");
        if (problems.HasErrors)
            return ExitCode.Problems;
        try
        {
            await using var host = new OperatorHost(settings, Connect(environment, parsed), environment.Host);
            await host.RunAsync(cancellation);
            return ExitCode.Done;
        }
        catch (LeadershipLostException)
        {
            return ExitCode.Failed;
        }
        catch (Exception refused) when (refused is ConfigurationException or ListenerException)
        {
            ProblemReport.WriteError(environment.Error, palette, refused.Message);
            return ExitCode.Failed;
        }
    }

    private ClusterConnection Connect(CliEnvironment environment, ParseResult parsed)
    {
        var (file, context) = (parsed.GetValue(_kubeconfig), parsed.GetValue(_context));
        if (file is null && context is null && InCluster.IsAvailable)
            return InCluster.Load(environment.Clock);
        var full = file is null ? null : Path.GetFullPath(file, Path.GetFullPath(environment.Folder));
        return KubeConfig.Load(
            new()
            {
                Files = full is null ? null : [full],
                Context = context,
                Clock = environment.Clock,
            }
        );
    }

    private OperatorSettings SettingsOf(ParseResult parsed)
    {
        var maxRemovals = parsed.GetValue(_maxRemovals);
        return new()
        {
            WatchNamespace = parsed.GetValue(_watchNamespace),
            Selector = parsed.GetValue(_selector) is { } selector ? LabelQuery.Parse(selector) : LabelQuery.Everything,
            Shard = parsed.GetValue(_shard) ?? "default",
            ElectLeader = parsed.GetValue(_elect),
            LeaseNamespace = parsed.GetValue(_leaseNamespace),
            Listen = ListenAddress.Parse(parsed.GetValue(_listen) ?? WorkerDefaults.Operations),
            AllowedHosts = parsed.GetValue(_allowHost) ?? [],
            VendorDefinitions = parsed.GetValue(_vendorDefinitions),
            OverriddenVendors = parsed.GetValue(_override) ?? [],
            Guardrails = parsed.GetValue(_guardrails),
            MaxRemovals = TryCount(maxRemovals, out var count) ? count : null,
            LiftsBuiltInLimits = maxRemovals == Unlimited,
            DeletionGrace = parsed.GetValue(_deletionGrace) is { } grace
                ? Duration.Parse(grace)!.Value
                : TimeSpan.FromMinutes(1),
            Log = new()
            {
                Format = Enum.Parse<LogFormat>(parsed.GetValue(_logFormat)!, ignoreCase: true),
                Level = Enum.Parse<LogDetail>(parsed.GetValue(_logLevel)!, ignoreCase: true),
                MaskEmails = parsed.GetValue(_maskEmails),
            },
        };
    }

    // An option of the enumeration's type would show the names of C#, and name its type where a word is wrong.
    private static Option<string> Words<T>(string name, string description, string usual)
        where T : struct, Enum
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.AcceptOnlyFromAmong([.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())]);
        return option;
    }

    private static bool TryCount(string? text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);
}

using System.IO.Pipes;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Reconciler.Core.Ports;
using Reconciler.Hosting;
using Reconciler.Manifests.Files;
using Reconciler.Manifests.Loading;
using Reconciler.Providers;
using Reconciler.Reports;
using Reconciler.Reports.Masking;
using Reconciler.Runs;
using Reconciler.Worker.Settings;

namespace Reconciler;

/// <summary>What a command line finds around it, so that tests and the demo can be another one.</summary>
public sealed record CliEnvironment
{
    /// <summary>The standard output.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>The error output.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The standard input.</summary>
    public required TextReader In { get; init; }

    /// <summary>Whether a person can be asked.</summary>
    internal bool CanAsk { get; init; }

    /// <summary>Whether the output is a terminal that shows colour.</summary>
    internal bool OutIsTerminal { get; init; }

    /// <summary>Whether the error output is a terminal, where a line may be written over.</summary>
    internal bool ErrorIsTerminal { get; init; }

    /// <summary>The folder that relative paths start from.</summary>
    public string Folder { get; init; } = ".";

    /// <summary>Gives an environment variable; null where it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The time of a right that processes share, whatever <see cref="Clock"/> is.</summary>
    internal TimeProvider SharedClock { get; init; } = TimeProvider.System;

    /// <summary>Hides addresses in everything that is printed; null where nobody asked for that.</summary>
    internal AddressMask? Mask { get; init; }

    /// <summary>Where a worker's logs go; null for the standard output.</summary>
    internal ILoggerProvider? Logs { get; init; }

    /// <summary>The whole environment, for settings and the state that a variable may name.</summary>
    internal IReadOnlyDictionary<string, string> Variables { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What -v and -vv tell; nothing where nobody asked for it.</summary>
    internal RunLog Log { get; init; } = RunLog.None;

    /// <summary>Reads manifests as this program knows them.</summary>
    internal ManifestLoader Loader => ManifestLoaders.Of(Clock);

    /// <summary>The surroundings of a worker or operator that this command line starts.</summary>
    internal HostEnvironment Host =>
        new(Loader, folder => new TokenReader(Variable, folder, OwnVariables.All))
        {
            Folder = Folder,
            Variable = Variable,
            Clock = Clock,
            SharedClock = SharedClock,
            Logs = Logs,
        };

    /// <summary>Connections whose tokens come from files and variables, and whose requests -vv prints.</summary>
    /// <param name="secretsFolder">The folder below which token files may lie; null where none may.</param>
    /// <param name="store">Says whether a write may begin; null where nothing is stored.</param>
    internal Connections Connect(string? secretsFolder, ILedgerStore? store = null) =>
        new(new TokenReader(Variable, secretsFolder, OwnVariables.All), Clock)
        {
            MayWrite = store is null
                ? null
                : provider => store.Objection(provider.Vendor.Type, provider.BaseUrl.AbsoluteUri) is null,
            Seen = Log.TellsRequests ? (provider, request) => Log.Request(provider.BaseUrl, request) : null,
        };

    /// <summary>The process's own.</summary>
    internal static CliEnvironment OfProcess() =>
        new()
        {
            Out = StandardOutput(),
            Error = Console.Error,
            In = Console.In,
            CanAsk = !Console.IsInputRedirected && !Console.IsOutputRedirected,
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Variable = Environment.GetEnvironmentVariable,
            Variables = SettingsOrigins.ProcessVariables(),
        };

    // The console's own writer reports no error when the reader of a pipe is gone.
    private static TextWriter StandardOutput()
    {
        if (OperatingSystem.IsWindows() || FileKinds.Of("/dev/stdout") != FileKind.Pipe)
            return Console.Out;
        var pipe = new AnonymousPipeClientStream(PipeDirection.Out, new SafePipeHandle(1, ownsHandle: false));
        return TextWriter.Synchronized(new StreamWriter(pipe, new UTF8Encoding(false)) { AutoFlush = true });
    }

    /// <summary>Why nothing can be printed any more; null while all is well.</summary>
    internal IOException? OutputFailure => Watching?.Failure;

    /// <summary>The same, with outputs that remember their failure instead of throwing it.</summary>
    internal CliEnvironment Watched()
    {
        var output = new WatchedOutput(Out);
        return this with
        {
            Out = output,
            Error = ReferenceEquals(Out, Error) ? output : new WatchedOutput(Error),
            Watching = output,
        };
    }

    /// <summary>The same, with a mask of its own, also over what nobody foresaw on the error output.</summary>
    internal CliEnvironment Masked()
    {
        var mask = new AddressMask();
        return this with { Mask = mask, Error = new FilteredWriter(Error, mask.Text) };
    }

    private WatchedOutput? Watching { get; init; }

    /// <summary>Colours, unless NO_COLOR (https://no-color.org), --no-color or a pipe say otherwise.</summary>
    internal Palette Palette(bool noColour) =>
        new(OutIsTerminal && !noColour && string.IsNullOrEmpty(Variable("NO_COLOR")) && Variable("TERM") != "dumb");
}

using System.CommandLine;
using System.Net;
using Reconciler.Core.Text;

namespace Reconciler.Verbs;

/// <summary>
/// <c>health</c>: asks a running worker whether it is well, so that an image needs no other program for that.
/// </summary>
internal static class HealthVerb
{
    private const string Default = "http://127.0.0.1:8080/healthz";
    private const int LargestAnswer = 64 * 1024;

    // Shorter than the container's own timeout, so that the reason is printed before the check is killed.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);

    public static Command Create(CliEnvironment environment)
    {
        var url = new Option<string>("--url")
        {
            Description = "Where the worker says how it is",
            DefaultValueFactory = _ => Default,
        };
        var command = new Command(
            "health",
            "Ask a running worker whether it is well: exit 0 where it is, 1 where it is not or does not answer"
        );
        command.Options.Add(url);
        url.Validators.Add(result =>
        {
            if (AddressOf(result.GetValueOrDefault<string>()) is null)
                result.AddError($"--url {result.GetValueOrDefault<string>()}: expected a URL such as {Default}");
        });
        command.SetAction(
            (parsed, cancellation) => RunAsync(environment, AddressOf(parsed.GetValue(url))!, cancellation)
        );
        return command;
    }

    private static Uri? AddressOf(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? address
            : null;

    private static async Task<int> RunAsync(CliEnvironment environment, Uri address, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(Deadline, environment.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            var (status, said) = await AskAsync(address, either.Token);
            if (status == HttpStatusCode.OK)
            {
                await environment.Out.WriteLineAsync(said.Length == 0 ? "well" : Lines(said));
                return ExitCode.Done;
            }

            return await FailAsync(
                environment,
                $"{address} answered {(int)status}{(said.Length == 0 ? "" : $": {said}")}"
            );
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return await FailAsync(environment, $"{address} gave no answer within {Deadline.TotalSeconds:0} s");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return await FailAsync(environment, $"{address} cannot be asked: {fault.Message}");
        }
    }

    private static async Task<(HttpStatusCode Status, string Said)> AskAsync(
        Uri address,
        CancellationToken cancellation
    )
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !address.IsLoopback,
        };
        using var http = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        };
        using var answer = await http.GetAsync(address, cancellation);
        return (answer.StatusCode, (await answer.Content.ReadAsStringAsync(cancellation)).Trim());
    }

    private static async Task<int> FailAsync(CliEnvironment environment, string why)
    {
        await environment.Error.WriteLineAsync($"error: {Lines(why)}");
        return ExitCode.Failed;
    }

    // A worker answers in several lines, but another program at that address must not control the terminal.
    private static string Lines(string text) =>
        string.Join(Environment.NewLine, text.Split('\n').Select(l => TerminalText.Escape(l.TrimEnd('\r'))));
}

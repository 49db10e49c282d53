using System.Net;
using System.Text;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Fuzzing;
using static Reconciler.Testing.Fuzzing.FuzzTarget;

namespace Reconciler.Providers.Tests.Fuzzing;

/// <summary>
/// Answers of vendors to a reading of a project. An input names the vendor in its first line; behind it are answers,
/// each after a line <c>---</c>: a line with the status and headers between bars, then the body.
/// </summary>
public static class ProvidersTargets
{
    private const int MostRequests = 1_000;

    public static IReadOnlyList<FuzzTarget> All { get; } =
        [new("answers", input => ReadAsync(Encoding.UTF8.GetString(input)))];

    private static async Task ReadAsync(string text)
    {
        var parts = text.ReplaceLineEndings("\n").Split("\n---\n");
        var types = ProgramVendors.All.Types.ToList();
        var vendor = ProgramVendors.Of(types.Find(t => t == parts[0].Trim()) ?? types[text.Length % types.Count]);
        var url = new Uri("http://127.0.0.1:1/");
        using var connection = ProviderCatalog.Connect(
            vendor,
            new(url, _ => ValueTask.FromResult("t0ken:of-a-fuzzer"))
            {
                Clock = new InstantClock(),
                Around = _ => new Answers(parts.Skip(1).ToList()),
            }
        );
        var project = new DesiredProject(
            "default/a",
            new("default/a", vendor, url, null!),
            vendor.ProjectIds.MinParts > 1 ? "acme/site" : "3c90c3cc-0d44-4b50-8888-8dd25736052a",
            []
        );
        try
        {
            var live = await connection.Reader.ReadAsync(project, CancellationToken.None);
            Hold(live.Members.All(m => m.MembershipId.Length > 0), "a member has no id");
        }
        catch (ProviderException refused)
        {
            Hold(refused.Message.Length is > 0 and < 4_000, "the message is empty or endless");
        }
    }

    private sealed class Answers(List<string> answers) : HttpMessageHandler
    {
        private int _asked;

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var asked = Interlocked.Increment(ref _asked);
            Hold(asked <= MostRequests, "the vendor is asked without end");
            var answer = answers.Count == 0 ? "200" : answers[Math.Min(asked, answers.Count) - 1];
            var end = answer.IndexOf('\n', StringComparison.Ordinal);
            var head = (end < 0 ? answer : answer[..end]).Split('|');
            var response = new HttpResponseMessage(StatusOf(head[0]))
            {
                RequestMessage = request,
                Content = new StringContent(end < 0 ? "" : answer[(end + 1)..], Encoding.UTF8, "application/json"),
            };
            foreach (var header in head.Skip(1).Select(h => h.Split(':', 2)).Where(h => h.Length == 2))
                response.Headers.TryAddWithoutValidation(header[0].Trim(), header[1].Trim());
            return Task.FromResult(response);
        }

        private static HttpStatusCode StatusOf(string text) =>
            int.TryParse(text.Trim(), out var status) && status is >= 100 and < 1000 ? (HttpStatusCode)status : HttpStatusCode.OK;
    }
}

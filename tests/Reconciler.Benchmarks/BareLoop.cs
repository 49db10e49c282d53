using System.Net.Http.Headers;
using System.Text;

namespace Reconciler.Benchmarks;

/// <summary>
/// Sends requests that were recorded, and reads the answers: the least that any program needs which asks the same.
/// </summary>
internal static class BareLoop
{
    // As many at once as the program has, unless its manifest says otherwise.
    private const int AtOnce = 8;

    /// <summary>Sends the requests of a file, a line each: method, address and body, with tabs between them.</summary>
    public static async Task RunAsync(string file)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "token");
        await Parallel.ForEachAsync(
            File.ReadLines(file).Select(l => l.Split('\t')),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (parts, cancellation) =>
            {
                using var request = new HttpRequestMessage(new(parts[0]), parts[1]);
                if (parts[2].Length > 0)
                    request.Content = new StringContent(parts[2], Encoding.UTF8, "application/json");
                using var answer = await http.SendAsync(request, cancellation);
                await answer.Content.ReadAsByteArrayAsync(cancellation);
            }
        );
    }
}

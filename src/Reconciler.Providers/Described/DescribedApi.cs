using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>Sends the calls of a description.</summary>
internal sealed class DescribedApi(VendorHttp http, VendorDescription description, ProjectIdForm projectIds)
{
    /// <summary>Reads a list, completely.</summary>
    /// <param name="list">The list.</param>
    /// <param name="project">The id of the project; empty for a list of no project.</param>
    /// <param name="id">Where the id of an item is.</param>
    /// <param name="cancellation">Cancels waits.</param>
    /// <param name="isProse">Whether the list is only shown to people.</param>
    /// <exception cref="ProviderException">The list cannot be read completely.</exception>
    public async Task<IReadOnlyCollection<JsonItem>> ListAsync(
        DescribedList list,
        string project,
        JsonPointer id,
        CancellationToken cancellation,
        bool isProse = false
    )
    {
        var pages = new ListPages(list, query => Url(list.Path, _ => project, query));
        var name = $"GET {http.Address.PathOf(pages.First)}";
        return await WholeList.ReadAsync(
            name,
            async next =>
            {
                var url = pages.Of(next);
                var answer = await http.SendJsonAsync(
                    new(Effect.Read, HttpMethod.Get, url) { IsProse = isProse },
                    Judge,
                    cancellation
                );
                return pages.Page(answer, next);
            },
            item => item.Text(id)
        );
    }

    /// <summary>Reads one thing.</summary>
    /// <param name="path">The segments of its path.</param>
    /// <param name="value">Returns the value of a placeholder.</param>
    /// <param name="query">The parameters of its query.</param>
    /// <param name="cancellation">Cancels waits.</param>
    public async Task<JsonItem> GetAsync(
        ImmutableArray<TextTemplate> path,
        Func<string, string> value,
        ImmutableArray<KeyValuePair<string, TextTemplate>> query,
        CancellationToken cancellation
    )
    {
        var url = Url(path, value, [.. query.Select(q => (q.Key, q.Value.Fill(value)))]);
        var answer = await http.SendJsonAsync(new(Effect.Read, HttpMethod.Get, url), Judge, cancellation);
        return answer.HasBody ? new(answer, answer.Body) : throw answer.Call.Unreadable("answered without a body");
    }

    /// <summary>Sends a call that changes something.</summary>
    /// <param name="call">The call.</param>
    /// <param name="effect">Its effect.</param>
    /// <param name="value">Returns the value of a placeholder.</param>
    /// <param name="cancellation">Cancels waits.</param>
    public async Task<JsonItem?> SendAsync(
        DescribedCall call,
        Effect effect,
        Func<string, JsonNode?> value,
        CancellationToken cancellation
    )
    {
        var method = call.Method switch
        {
            CallMethod.Post => HttpMethod.Post,
            CallMethod.Put => HttpMethod.Put,
            CallMethod.Patch => HttpMethod.Patch,
            _ => HttpMethod.Delete,
        };
        var request = new ApiRequest(effect, method, Url(call.Path, name => value(name)!.ToString(), []));
        if (call.Body?.Fill(value) is { } body)
            request = request.With(body, AnyJson.Default.JsonNode);
        var answer = await http.SendJsonAsync(request, Judge, cancellation);
        return answer.HasBody ? new(answer, answer.Body) : null;
    }

    private Objection? Judge(JsonElement answer)
    {
        if (description.Success is not { } success)
            return null;
        try
        {
            if (success.Holds(answer))
                return null;
            // An answer that says nothing of its success is no refusal: what it answers may have been done.
            return success.At.TryFind(answer, out _)
                ? new($"that {success.At.Text} reports a failure", description.Reason?.TextIn(answer) ?? "")
                : new($"answered without {success.At.Text}, which tells of success");
        }
        catch (InvalidOperationException)
        {
            return new("answered with a text that is no Unicode");
        }
    }

    private Uri Url(ImmutableArray<TextTemplate> path, Func<string, string> value, ReadOnlySpan<(string, string)> query)
    {
        var segments = path.SelectMany(s => Segments(s, value)).ToArray();
        return http.Address.Of(description.ClosedPaths, segments, query);
    }

    // A project's id may be several segments, or one with slashes in it.
    private IEnumerable<PathSegment> Segments(TextTemplate segment, Func<string, string> value)
    {
        const string Project = "project";
        return segment.Only?.Text == Project && !projectIds.IsOneSegment
            ? projectIds.Segments(value(Project)).Select(p => new PathSegment(p, MayHoldSlashes: false))
            : [new(segment.Fill(value), MayHoldSlashes: projectIds.MaxParts > 1 && segment.Names.Contains(Project))];
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Reconciler.Kubernetes.Tests.Servers;

/// <summary>
/// An API server in memory: get, list by pages, watch, create, replace, merge patch and delete of any kind, with
/// versions, conflicts, and a history that is compacted, so that old versions are really gone.
/// </summary>
internal sealed class MemoryApiServer(int history = int.MaxValue)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(long Version, string Path, string Line)> _log = [];
    private readonly Dictionary<string, (long Version, List<JsonObject> Left)> _pages = [];
    private long _version = 100;
    private long _compacted = 100;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Names and uids of the objects that there are, by name.</summary>
    public IReadOnlyDictionary<string, string> Objects
    {
        get
        {
            lock (_gate)
                return _objects.Values.ToDictionary(
                    one => (string)one["metadata"]!["name"]!,
                    one => $"{one["metadata"]!["uid"]}@{one["metadata"]!["resourceVersion"]}"
                );
        }
    }

    public async Task AnswerAsync(HttpContext context)
    {
        var (path, query) = (context.Request.Path.Value!, context.Request.Query);
        if (query.ContainsKey("watch"))
        {
            if (query.ContainsKey("sendInitialEvents"))
                await WatchAsync(context, path, await SendInitialAsync(context, path));
            else
                await WatchAsync(context, path, long.Parse(query["resourceVersion"]!, CultureInfo.InvariantCulture));
            return;
        }

        JsonObject? body = null;
        if (context.Request.ContentLength > 0)
            body = (JsonObject)(await JsonNode.ParseAsync(context.Request.Body))!;
        var (status, answer) = context.Request.Method switch
        {
            "GET" when IsCollection(path) => List(path, query),
            "GET" => Change(path, one => (one, null)),
            "POST" => Create(path, body!),
            "PUT" => Change(
                path,
                one =>
                    body!["metadata"]!["resourceVersion"] is { } asked
                    && (string)asked! != (string)one["metadata"]!["resourceVersion"]!
                        ? (null, "Conflict")
                        : (body, null)
            ),
            _ => Change(path, _ => (null, null)),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    /// <summary>Makes or changes an object.</summary>
    public void Put(string collection, string name, string text)
    {
        lock (_gate)
        {
            var before = _objects.GetValueOrDefault($"{collection}/{name}");
            var uid = (string?)before?["metadata"]!["uid"] ?? Guid.NewGuid().ToString();
            Write(
                $"{collection}/{name}",
                new JsonObject
                {
                    ["metadata"] = new JsonObject { ["name"] = name, ["uid"] = uid },
                    ["text"] = text,
                },
                before is null ? "ADDED" : "MODIFIED"
            );
        }
    }

    public void Delete(string collection, string name)
    {
        lock (_gate)
        {
            if (_objects.Remove($"{collection}/{name}", out var gone))
                Write($"{collection}/{name}", gone, "DELETED");
        }
    }

    private static bool IsCollection(string path) =>
        path.Split('/') is var parts
        && parts.Length == (parts[1] == "api" ? 4 : 5) + (parts.Contains("namespaces") ? 2 : 0);

    private (int, JsonObject) Create(string path, JsonObject body)
    {
        lock (_gate)
        {
            var full = $"{path}/{(string)body["metadata"]!["name"]!}";
            if (_objects.ContainsKey(full))
                return Failure(409, "AlreadyExists");
            body["metadata"]!["uid"] = Guid.NewGuid().ToString();
            Write(full, body, "ADDED");
            return (201, (JsonObject)body.DeepClone());
        }
    }

    private (int, JsonObject) Change(string path, Func<JsonObject, (JsonObject? Next, string? Refused)> change)
    {
        lock (_gate)
        {
            if (!_objects.TryGetValue(path, out var one))
                return Failure(404, "NotFound");
            var (next, refused) = change(one);
            if (refused is not null)
                return Failure(409, refused);
            if (next is null)
                Delete(path[..path.LastIndexOf('/')], path[(path.LastIndexOf('/') + 1)..]);
            else if (next != one)
                Write(path, next, "MODIFIED");
            return (200, (JsonObject)(next ?? one).DeepClone());
        }
    }

    private (int, JsonObject) List(string path, IQueryCollection query)
    {
        lock (_gate)
        {
            var limit = int.TryParse(query["limit"], CultureInfo.InvariantCulture, out var asked)
                ? asked
                : int.MaxValue;
            var version = _version;
            List<JsonObject> rest;
            if (query["continue"].ToString() is { Length: > 0 } token)
            {
                if (!_pages.Remove(token, out var page) || page.Version < _compacted)
                    return Failure(410, "Expired");
                (version, rest) = page;
            }
            else
            {
                rest =
                [
                    .. _objects
                        .Where(one => one.Key.StartsWith(path + "/", StringComparison.Ordinal))
                        .Select(one => (JsonObject)one.Value.DeepClone()),
                ];
            }

            var metadata = new JsonObject { ["resourceVersion"] = $"{version}" };
            if (rest.Count > limit)
            {
                var next = Guid.NewGuid().ToString();
                _pages[next] = (version, rest[limit..]);
                metadata["continue"] = next;
            }

            return (
                200,
                new()
                {
                    ["kind"] = "List",
                    ["metadata"] = metadata,
                    ["items"] = new JsonArray([.. rest.Take(limit).Select(one => one.DeepClone())]),
                }
            );
        }
    }

    private async Task<long> SendInitialAsync(HttpContext context, string path)
    {
        long version;
        string lines;
        lock (_gate)
        {
            version = _version;
            var items = _objects
                .Where(one => one.Key.StartsWith(path + "/", StringComparison.Ordinal))
                .Select(one => $"{{\"type\":\"ADDED\",\"object\":{one.Value.ToJsonString()}}}\n");
            lines =
                string.Concat(items)
                + $"{{\"type\":\"BOOKMARK\",\"object\":{{\"metadata\":{{\"resourceVersion\":\"{version}\","
                + "\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}}}\n";
        }

        await context.Response.WriteAsync(lines);
        return version;
    }

    private async Task WatchAsync(HttpContext context, string path, long version)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "application/json";
            await context.Response.StartAsync();
        }

        await context.Response.Body.FlushAsync();
        while (!context.RequestAborted.IsCancellationRequested)
        {
            Task changed;
            string lines;
            lock (_gate)
            {
                changed = _changed.Task;
                lines =
                    version < _compacted
                        ? $"{{\"type\":\"ERROR\",\"object\":{Failure(410, "Expired").Item2.ToJsonString()}}}\n"
                        : string.Concat(
                            _log.Where(one =>
                                    one.Version > version && one.Path.StartsWith(path + "/", StringComparison.Ordinal)
                                )
                                .Select(one => one.Line)
                        );
                version = version < _compacted ? long.MaxValue : _version;
            }

            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(lines), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (version == long.MaxValue)
                return;
            await changed.WaitAsync(context.RequestAborted);
        }
    }

    private void Write(string path, JsonObject value, string type)
    {
        _version++;
        value["metadata"]!["resourceVersion"] = $"{_version}";
        if (type != "DELETED")
            _objects[path] = (JsonObject)value.DeepClone();
        _log.Add(
            (_version, path, new JsonObject { ["type"] = type, ["object"] = value.DeepClone() }.ToJsonString() + "\n")
        );
        if (_log.Count > history)
        {
            _compacted = _log[_log.Count - history].Version;
            _log.RemoveRange(0, _log.Count - history);
        }

        _changed.TrySetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public static (int Code, JsonObject Body) Failure(int code, string reason) =>
        (
            code,
            new()
            {
                ["kind"] = "Status",
                ["apiVersion"] = "v1",
                ["status"] = "Failure",
                ["reason"] = reason,
                ["message"] = $"{reason} it is",
                ["code"] = code,
            }
        );
}

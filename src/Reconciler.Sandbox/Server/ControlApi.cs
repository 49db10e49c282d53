using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Server;

/// <summary>
/// Handles the control calls below <c>/_sandbox</c>: showing state, accepting and declining invitations, and setting
/// faults.
/// </summary>
internal sealed class ControlApi(SandboxServer server)
{
    private const string Root = "/_sandbox";

    public static bool Owns(string path) =>
        path.StartsWith(Root, StringComparison.Ordinal) && (path.Length == Root.Length || path[Root.Length] == '/');

    public VendorAnswer Answer(HttpRequest request, byte[] body)
    {
        try
        {
            return (request.Method, request.Path.Value!.TrimEnd('/').Split('/')[2..]) switch
            {
                ("GET", []) => Json(ControlJson.Connections, server),
                ("GET", ["requests"]) => Json(ControlJson.Requests, server),
                ("DELETE", ["requests"]) => Done(server.ForgetRequests),
                ("GET", ["faults"]) => Json(ControlJson.Faults, server),
                ("POST", ["faults"]) => Done(() => server.Inject(FaultBody.Parse(body))),
                ("DELETE", ["faults"]) => Done(server.ClearFaults),
                ("GET", [var name]) => Json(ControlJson.Connection, (server, server.Connection(name))),
                ("GET", [var name, "projects", var id]) => Json(ControlJson.Project, (server.Connection(name), id)),
                ("POST", [var name, "projects", var id, "accept"]) => Done(() =>
                    server.Connection(name).Accept(id, Email(request))
                ),
                ("POST", [var name, "projects", var id, "decline"]) => Done(() =>
                    server.Connection(name).Decline(id, Email(request))
                ),
                _ => VendorAnswer.Json(404, JsonText.Error("The sandbox has no such control.")),
            };
        }
        catch (SandboxException missing)
        {
            return VendorAnswer.Json(404, JsonText.Error(missing.Message));
        }
        catch (JsonException wrong)
        {
            return VendorAnswer.Json(400, JsonText.Error(wrong.Message));
        }
    }

    private static string Email(HttpRequest request) =>
        request.Query["email"].ToString() is { Length: > 0 } email
            ? email
            : throw new JsonException("say whose with ?email=");

    private static VendorAnswer Json<T>(Action<Utf8JsonWriter, T> write, T value) =>
        VendorAnswer.Json(200, JsonText.Write(value, write));

    private static VendorAnswer Done(Action control)
    {
        control();
        return new(204);
    }
}

using System.Security.Cryptography;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>Stores the id of a state. A copy has the same id as its original; a new state has another.</summary>
internal static class StateIdentity
{
    /// <summary>Gives a state an id if it has none.</summary>
    public static void Ensure(StateConnection connection) =>
        connection.Run(
            "INSERT INTO about (name, value) VALUES ('id', @id) ON CONFLICT (name) DO NOTHING",
            ("@id", RandomNumberGenerator.GetHexString(32, lowercase: true))
        );

    /// <summary>Returns the id; empty if the state has none.</summary>
    public static string Of(StateConnection connection) => AboutRows.Value(connection, "id");

    /// <summary>Sets whether a human has confirmed that the file replaces one that is lost.</summary>
    public static void Confirm(StateConnection connection, bool isConfirmed) =>
        AboutRows.Set(connection, "confirmed", isConfirmed ? "yes" : "no");

    /// <summary>Whether a human has confirmed that the file replaces one that is lost.</summary>
    public static bool IsConfirmed(StateConnection connection) => AboutRows.Value(connection, "confirmed") == "yes";

    /// <summary>Notes that this state goes on somewhere else.</summary>
    public static void MarkMoved(StateConnection connection, string place) => AboutRows.Set(connection, "moved", place);

    /// <summary>Refuses a state that goes on somewhere else.</summary>
    /// <exception cref="LedgerException">It does.</exception>
    public static void RefuseMoved(StateConnection connection, string name)
    {
        if (AboutRows.Value(connection, "moved") is { Length: > 0 } place)
            throw new LedgerException($"{name} was moved to {place}; name that with --state or {StatePlace.Variable}");
    }
}

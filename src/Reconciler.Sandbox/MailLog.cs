using System.Runtime.InteropServices;

namespace Reconciler.Sandbox;

/// <summary>Counts the mails a connection would have sent. Guarded by the connection's lock.</summary>
internal sealed class MailLog
{
    private readonly Dictionary<(string Project, string Email), int> sent = new(IgnoringCase.Instance);

    public void Send(string project, string email) => CollectionsMarshal.GetValueRefOrAddDefault(sent, (project, email), out _)++;

    public int Count(string project, string email) => sent.GetValueOrDefault((project, email));

    public int Count(string email) =>
        sent.Where(entry => entry.Key.Email.Equals(email, StringComparison.OrdinalIgnoreCase)).Sum(entry => entry.Value);

    private sealed class IgnoringCase : IEqualityComparer<(string Project, string Email)>
    {
        public static readonly IgnoringCase Instance = new();

        public bool Equals((string Project, string Email) x, (string Project, string Email) y) =>
            x.Project.Equals(y.Project, StringComparison.OrdinalIgnoreCase)
            && x.Email.Equals(y.Email, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((string Project, string Email) obj) => HashCode.Combine(
            StringComparer.OrdinalIgnoreCase.GetHashCode(obj.Project), StringComparer.OrdinalIgnoreCase.GetHashCode(obj.Email));
    }
}

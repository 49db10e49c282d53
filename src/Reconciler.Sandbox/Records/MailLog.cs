using System.Runtime.InteropServices;

namespace Reconciler.Sandbox.Records;

/// <summary>Counts the mails that a connection would have sent. Guarded by the connection's lock.</summary>
internal sealed class MailLog
{
    private readonly Dictionary<string, int> sent = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string Project, string Email), int> sentAbout = new(IgnoringCase.Instance);

    /// <summary>Counts one mail about any number of projects; none where it is about the whole organisation.</summary>
    public void Send(string email, params ReadOnlySpan<string> projects)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(sent, email, out _)++;
        foreach (var project in projects)
            CollectionsMarshal.GetValueRefOrAddDefault(sentAbout, (project, email), out _)++;
    }

    public int Count(string project, string email) => sentAbout.GetValueOrDefault((project, email));

    public int Count(string email) => sent.GetValueOrDefault(email);

    private sealed class IgnoringCase : IEqualityComparer<(string Project, string Email)>
    {
        public static readonly IgnoringCase Instance = new();

        public bool Equals((string Project, string Email) x, (string Project, string Email) y) =>
            x.Project.Equals(y.Project, StringComparison.OrdinalIgnoreCase)
            && x.Email.Equals(y.Email, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((string Project, string Email) obj) =>
            HashCode.Combine(
                StringComparer.OrdinalIgnoreCase.GetHashCode(obj.Project),
                StringComparer.OrdinalIgnoreCase.GetHashCode(obj.Email)
            );
    }
}

using System.Collections.Immutable;

namespace Reconciler.Sandbox.Faults;

/// <summary>
/// Holds the active faults. The first matching rule that is due applies; a rule that skips lets the next ones match.
/// </summary>
internal sealed class FaultRules
{
    private readonly Lock gate = new();
    private readonly List<Rule> rules = [];
    private volatile bool any;

    public void Add(Fault fault)
    {
        lock (gate)
        {
            rules.Add(new Rule(fault));
            any = true;
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            rules.Clear();
            any = false;
        }
    }

    public ImmutableArray<(Fault Fault, int Hits)> All()
    {
        lock (gate)
            return [.. rules.Select(rule => (rule.Fault, rule.Hits))];
    }

    public Fault? Match(string connection, string method, string target, string body)
    {
        if (!any)
            return null;
        lock (gate)
            return rules.Find(rule => rule.Matches(connection, method, target, body) && rule.Hit())?.Fault;
    }

    private sealed class Rule(Fault fault)
    {
        private int seen;

        public Fault Fault => fault;

        public int Hits { get; private set; }

        public bool Matches(string connection, string method, string target, string body) =>
            (fault.Connection is null || fault.Connection.Equals(connection, StringComparison.Ordinal))
            && (fault.Method is null || fault.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
            && (fault.Path is null || target.Contains(fault.Path, StringComparison.Ordinal))
            && (fault.Body is null || body.Contains(fault.Body, StringComparison.OrdinalIgnoreCase));

        public bool Hit()
        {
            if (Hits >= fault.Times || seen++ < fault.Skip)
                return false;
            Hits++;
            return true;
        }
    }
}

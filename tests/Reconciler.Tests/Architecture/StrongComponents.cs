namespace Reconciler.Tests.Architecture;

/// <summary>
/// The strongly connected components of a directed graph: sets of nodes that all reach each other (Tarjan, 1972).
/// </summary>
internal static class StrongComponents
{
    /// <summary>The components; a node that is in no circle is a component of its own.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="targets">The nodes that one points to.</param>
    public static IReadOnlyList<IReadOnlyCollection<string>> Of(
        IEnumerable<string> nodes,
        Func<string, IEnumerable<string>> targets
    )
    {
        var search = new Search(targets);
        foreach (var node in nodes)
            search.Visit(node);
        return search.Components;
    }

    private sealed class Search(Func<string, IEnumerable<string>> targets)
    {
        private readonly Dictionary<string, int> _order = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _lowest = new(StringComparer.Ordinal);
        private readonly Stack<string> _path = new();
        private readonly HashSet<string> _onPath = new(StringComparer.Ordinal);

        public List<IReadOnlyCollection<string>> Components { get; } = [];

        public void Visit(string node)
        {
            if (_order.ContainsKey(node))
                return;
            _order[node] = _lowest[node] = _order.Count;
            _path.Push(node);
            _onPath.Add(node);
            foreach (var target in targets(node))
            {
                var isNew = !_order.ContainsKey(target);
                Visit(target);
                if (_onPath.Contains(target))
                    _lowest[node] = Math.Min(_lowest[node], isNew ? _lowest[target] : _order[target]);
            }

            if (_lowest[node] == _order[node])
                Components.Add(Popped(node));
        }

        private List<string> Popped(string root)
        {
            var component = new List<string>();
            do
            {
                component.Add(_path.Pop());
                _onPath.Remove(component[^1]);
            } while (component[^1] != root);
            return component;
        }
    }
}

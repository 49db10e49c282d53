namespace Reconciler.Sandbox.Http;

/// <summary>
/// Checks addresses as vendors do: one '@', a dot after it, and nothing that separates two addresses.
/// </summary>
internal static class EmailAddress
{
    private const int Longest = 254;

    public static bool Fits(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0
            && at == text.LastIndexOf('@')
            && at < text.Length - 1
            && text.Length <= Longest
            && text.IndexOf('.', at) > at + 1
            && !text.EndsWith('.')
            && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is ',' or '<' or '>');
    }
}

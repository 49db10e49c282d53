using Reconciler.Core.Text;
using Reconciler.Reports.Masking;

namespace Reconciler.Hosting.Reconciling;

/// <summary>
/// Makes text of vendors and manifests safe for a log: control characters are escaped, and addresses are masked where
/// settings ask for it.
/// </summary>
/// <param name="masksAddresses">Whether mail addresses are masked.</param>
public sealed class LogText(bool masksAddresses)
{
    private readonly AddressMask? _mask = masksAddresses ? new() : null;

    /// <summary>Escapes and masks.</summary>
    public string Clean(string text) => Mask(TerminalText.Escape(text));

    /// <summary>Masks only; for text that holds no control characters.</summary>
    public string Mask(string text) => _mask?.Text(text) ?? text;
}

namespace Reconciler.Testing.Reports.Review;

/// <summary>Scripts that look at a page in the browser.</summary>
public static class PageScripts
{
    private const string Light =
        "const light = text => { "
        + "const [r, g, b] = channels(text).slice(0, 3).map(v => v / 255)"
        + ".map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); "
        + "return 0.2126 * r + 0.7152 * g + 0.0722 * b; };";

    private const string Ground =
        "const ground = at => { for (let e = at; e; e = e.parentElement) { "
        + "const c = getComputedStyle(e).backgroundColor; if (channels(c)[3] !== 0) return c; } "
        + "return 'rgb(255, 255, 255)'; };";

    /// <summary>The texts that stand out too little from their ground (WCAG 2, AA: 4.5 to 1).</summary>
    /// <param name="skip">Whether an element <c>e</c> is left out, in JavaScript.</param>
    public static string WeakTexts(string skip) =>
        $$$"""
            () => {
              const channels = text => text.match(/[\d.]+/g).map(Number);
              {{{Light}}}
              {{{Ground}}}
              const weak = new Set();
              for (const e of document.querySelectorAll('body *')) {
                if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || {{{skip}}}) continue;
                const style = getComputedStyle(e), color = e instanceof SVGElement ? style.fill : style.color;
                const [a, b] = [light(color), light(ground(e))].sort((x, y) => y - x);
                if ((a + 0.05) / (b + 0.05) < 4.5)
                  weak.add(`${e.tagName}.${e.getAttribute('class')} ${color} on ${ground(e)}`);
              }
              return [...weak];
            }
            """;

    /// <summary>
    /// Puts a script, a style and a picture into the page, and tells which rules of its policy refused them.
    /// </summary>
    /// <param name="count">How many refusals to wait for.</param>
    /// <param name="more">What else the script tries; empty for nothing.</param>
    public static string BreakIn(int count, string more = "") =>
        $$$"""
            () => new Promise(done => {
              const seen = [];
              document.addEventListener('securitypolicyviolation', e => {
                seen.push(e.effectiveDirective);
                if (seen.length === {{{count}}}) done(seen);
              });
              const script = document.createElement('script');
              script.textContent = "document.title = 'broken in'";
              document.body.append(script);
              const markup = '<img src="https://evil.example/x.png"><p style="color: red">x</p>';
              document.body.insertAdjacentHTML('beforeend', markup);
              {{{more}}}
            })
            """;
}

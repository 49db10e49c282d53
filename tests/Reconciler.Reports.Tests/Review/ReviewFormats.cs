using Reconciler.Engine.Reviews;
using Reconciler.Reports.Review;

namespace Reconciler.Reports.Tests.Review;

/// <summary>A review in every format that the command line has.</summary>
internal static class ReviewFormats
{
    public static IEnumerable<(string Format, string Text)> All(AccessReview review) =>
        [
            ("text", Written(o => new TextReview(o, new Palette(false)).Write(review))),
            ("csv", Csv(review)),
            ("json", ReviewDocument.Of(review).ToJson()),
            ("markdown", MarkdownReview.Of(review)),
            ("html", HtmlReview.Of(review)),
        ];

    public static string Csv(AccessReview review) => Written(o => CsvReview.Write(o, review));

    private static string Written(Action<TextWriter> write)
    {
        using var output = new StringWriter { NewLine = "\n" };
        write(output);
        return output.ToString();
    }
}

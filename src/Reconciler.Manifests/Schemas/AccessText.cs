using Reconciler.Core.Membership;

namespace Reconciler.Manifests.Schemas;

/// <summary>Describes a vendor's field of access in words.</summary>
internal static class AccessText
{
    /// <summary>The field's description, with which words administer.</summary>
    /// <param name="field">The field.</param>
    public static string Description(AccessField field)
    {
        var admin = string.Join(", ", field.Admin);
        return FieldText.Sentences(
            field.Description.TrimEnd('.') + ".",
            field.Descriptive ? "Gives no access by itself." : "",
            admin.Length == 0 ? ""
                : field.Form == AccessForm.Flag ? "Makes an administrator."
                : $"Administrative: {admin}."
        );
    }

    /// <summary>How the field is written.</summary>
    /// <param name="field">The field.</param>
    public static string Form(AccessField field) =>
        field.Form switch
        {
            AccessForm.Words => "list of words",
            AccessForm.Word => "word",
            _ => "true or false",
        };

    /// <summary>Which words it may have.</summary>
    /// <param name="field">The field.</param>
    /// <param name="code">Sets a word in the page's type for code.</param>
    public static string Words(AccessField field, Func<string, string> code)
    {
        var known = string.Join(", ", field.Known.Select(code));
        if (field.Form == AccessForm.Flag)
            return $"{code("true")}, {code("false")}";
        return known.Length == 0 ? "names that the vendor knows"
            : field.Open ? $"{known}, and names that the vendor knows"
            : known;
    }
}

namespace RtcPlatform.Cli.Doctor;

/// <summary>What a check found.</summary>
internal enum Verdict
{
    Ok,

    /// <summary>Works, but worse or only in part.</summary>
    Warn,

    Fail,
}

/// <param name="Check">A few words, the same in every run.</param>
/// <param name="Detail">What is the case.</param>
/// <param name="Advice">What to do about it; empty when there is nothing to do.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Detail, string Advice)
{
    public static Finding Ok(string check, string detail) => new(check, Verdict.Ok, detail, "");

    public static Finding Warn(string check, string detail, string advice) => new(check, Verdict.Warn, detail, advice);

    public static Finding Fail(string check, string detail, string advice) => new(check, Verdict.Fail, detail, advice);
}

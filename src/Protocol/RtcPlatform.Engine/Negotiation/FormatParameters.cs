namespace RtcPlatform.Engine.Negotiation;

/// <summary>Reads values of <c>a=fmtp</c>: <c>name=value;name=value</c>.</summary>
internal static class FormatParameters
{
    public static bool TryGet(string parameters, string name, out string value)
    {
        foreach (string part in parameters.Split(';', StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && part.AsSpan(0, equals).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = part[(equals + 1)..];
                return true;
            }
        }

        value = "";
        return false;
    }
}

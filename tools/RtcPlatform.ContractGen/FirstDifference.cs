namespace RtcPlatform.ContractGen;

/// <summary>Where two texts part, in one line.</summary>
internal static class FirstDifference
{
    public static string Between(string present, string wanted)
    {
        string[] have = present.Split('\n');
        string[] want = wanted.Split('\n');
        int line = 0;
        while (line < have.Length && line < want.Length && have[line] == want[line])
        {
            line++;
        }

        return $"line {line + 1}: has '{LineAt(have, line)}', the contract says '{LineAt(want, line)}'";
    }

    private static string LineAt(string[] lines, int index) => index < lines.Length ? lines[index].Trim() : "(end of file)";
}

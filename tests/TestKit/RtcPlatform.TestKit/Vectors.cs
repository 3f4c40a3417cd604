using System.Text.Json;

namespace RtcPlatform.TestKit;

/// <summary>The official test vectors in <c>tests/vectors</c>, found from wherever the tests run inside the repository.</summary>
public static class Vectors
{
    /// <param name="path">Relative to <c>tests/vectors</c>, e.g. <c>rfc5769/stun.json</c>.</param>
    public static JsonElement Load(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(FindRoot(), path)));
        return document.RootElement.Clone();
    }

    /// <summary>A text file, such as <c>sdp/chromium-publish.sdp</c>.</summary>
    public static string ReadText(string path) => File.ReadAllText(Path.Combine(FindRoot(), path));

    /// <summary>The property as text; fails with the property's name when it is absent.</summary>
    public static string Text(this JsonElement vector, string property) => vector.GetProperty(property).GetString()!;

    /// <summary>The property, which is hexadecimal text, as octets.</summary>
    public static byte[] Octets(this JsonElement vector, string property) => Hex.Decode(vector.Text(property));

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "tests", "vectors");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException($"no tests/vectors above {AppContext.BaseDirectory}");
    }
}

using System.Text.Json;

namespace RtcPlatform.Crypto.Tests;

/// <summary>Reads <c>tests/vectors</c>, found upwards from the test's own folder.</summary>
internal static class Vectors
{
    public static JsonElement Load(string relativePath)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "RtcPlatform.sln")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.FullName, "tests", "vectors", relativePath)));
        return document.RootElement.Clone();
    }

    public static JsonElement Vector(string relativePath, string id) =>
        Load(relativePath).GetProperty("vectors").EnumerateArray().Single(vector => vector.GetProperty("id").GetString() == id);

    public static byte[] Hex(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    public static int Int(this JsonElement element, string name) => element.GetProperty(name).GetInt32();
}

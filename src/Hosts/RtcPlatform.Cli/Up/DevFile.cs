using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RtcPlatform.Cli.Up;

/// <summary>
/// <c>dev.json</c> in the data folder: where the running platform is and how to get in. Made at the first start, kept by
/// the later ones; readable by its owner alone.
/// </summary>
internal sealed record DevFile
{
    public const string Name = "dev.json";

    public required string Url { get; init; }

    public required string ApiKey { get; init; }

    public required string ApiSecret { get; init; }

    /// <summary>Shared by the server and its media nodes.</summary>
    public required string NodeSecret { get; init; }

    /// <summary>Base64, 32 octets: encrypts the API secrets in the database.</summary>
    public required string DataKey { get; init; }

    public required string DatabasePassword { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ConnectionString { get; init; }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, Name);

    public static DevFile? TryRead(string dataFolder)
    {
        string path = PathIn(dataFolder);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<DevFile>(File.ReadAllText(path), Json);
        }
        catch (JsonException error)
        {
            throw new UpException(UpException.StartFailed, $"{path} cannot be read ({error.Message}); mend or remove it");
        }
    }

    public static DevFile CreateOrRead(string dataFolder, string url)
    {
        DevFile file = (TryRead(dataFolder) ?? New(url)) with { Url = url };
        file.Write(dataFolder);
        return file;
    }

    /// <summary>Whole or not at all: a crash never leaves half a file.</summary>
    public void Write(string dataFolder)
    {
        string path = PathIn(dataFolder);
        string temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(stream, this, Json);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static DevFile New(string url) => new()
    {
        Url = url,
        ApiKey = "API" + RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", 12),
        ApiSecret = RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", 43),
        NodeSecret = RandomNumberGenerator.GetHexString(48, lowercase: true),
        DataKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        DatabasePassword = RandomNumberGenerator.GetHexString(32, lowercase: true),
    };
}

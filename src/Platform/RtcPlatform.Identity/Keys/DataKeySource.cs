using System.Security.Cryptography;

namespace RtcPlatform.Identity.Keys;

/// <summary>The data key from the options or its file.</summary>
internal static class DataKeySource
{
    private const int KeyLength = 32;

    /// <exception cref="InvalidDataException">No 32 octets in base64.</exception>
    public static byte[] Read(IdentityOptions options) =>
        options.DataKey.Length > 0
            ? Decode(options.DataKey, "Identity:DataKey")
            : Decode(ReadOrMake(options.DataKeyFile), options.DataKeyFile);

    private static string ReadOrMake(string path)
    {
        try
        {
            FileStreamOptions open = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                open.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            string made = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLength));
            using StreamWriter file = new(path, open);
            file.Write(made);
            return made;
        }
        catch (IOException) when (File.Exists(path))
        {
            return File.ReadAllText(path);
        }
    }

    private static byte[] Decode(string text, string source)
    {
        Span<byte> key = stackalloc byte[64];
        return Convert.TryFromBase64String(text.Trim(), key, out int length) && length == KeyLength
            ? key[..KeyLength].ToArray()
            : throw new InvalidDataException($"{source} does not hold 32 octets in base64");
    }
}

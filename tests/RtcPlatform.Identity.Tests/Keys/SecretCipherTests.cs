using System.Security.Cryptography;
using System.Text;
using RtcPlatform.Identity.Keys;

namespace RtcPlatform.Identity.Tests.Keys;

public sealed class SecretCipherTests
{
    private readonly SecretCipher _cipher = new(new byte[32]);

    [Fact]
    public void A_secret_opens_in_its_own_row_only()
    {
        byte[] closed = _cipher.Close("secret", "API1", "PJ_1");

        Assert.Equal("secret", Encoding.UTF8.GetString(_cipher.Open(closed, "API1", "PJ_1")));
        Assert.ThrowsAny<CryptographicException>(() => _cipher.Open(closed, "API2", "PJ_1"));
        Assert.ThrowsAny<CryptographicException>(() => _cipher.Open(closed, "API1", "PJ_2"));
    }

    [Fact]
    public void A_changed_cut_or_foreign_ciphertext_does_not_open()
    {
        byte[] closed = _cipher.Close("secret", "API1", "PJ_1");
        SecretCipher other = new([.. Enumerable.Repeat((byte)1, 32)]);

        Assert.ThrowsAny<CryptographicException>(() => other.Open(closed, "API1", "PJ_1"));
        for (int i = 0; i < closed.Length; i++)
        {
            byte[] changed = [.. closed];
            changed[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => _cipher.Open(changed, "API1", "PJ_1"));
            Assert.ThrowsAny<CryptographicException>(() => _cipher.Open(closed.AsSpan(0, i), "API1", "PJ_1"));
        }
    }

    [Fact]
    public void The_same_secret_never_looks_the_same_and_never_stands_there_in_clear()
    {
        byte[] one = _cipher.Close("a secret that is readable", "API1", "PJ_1");
        byte[] two = _cipher.Close("a secret that is readable", "API1", "PJ_1");

        Assert.NotEqual(one, two);
        Assert.DoesNotContain("readable", Encoding.Latin1.GetString(one), StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_key_file_is_made_once_and_for_its_owner_only()
    {
        string folder = Directory.CreateTempSubdirectory("rtc-key-").FullName;
        try
        {
            IdentityOptions options = new() { DataKeyFile = Path.Combine(folder, "data.key") };

            byte[] made = DataKeySource.Read(options);

            Assert.Equal(32, made.Length);
            Assert.Equal(made, DataKeySource.Read(options));
            Assert.True(OperatingSystem.IsWindows()
                || File.GetUnixFileMode(options.DataKeyFile) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_data_key_of_another_length_is_refused() =>
        Assert.Throws<InvalidDataException>(() => DataKeySource.Read(new IdentityOptions { DataKey = Convert.ToBase64String(new byte[16]) }));
}

using System.Runtime.InteropServices;

namespace RtcPlatform.Crypto.Native;

/// <summary>The part of OpenSSL 3's libcrypto that is used here. Results are OpenSSL's: 1 is success unless said otherwise.</summary>
internal static unsafe class LibCrypto
{
    private const string Library = "libcrypto.so.3";

    public const int AeadGetTag = 0x10;
    public const int AeadSetTag = 0x11;

    [DllImport(Library)]
    public static extern nint EVP_aes_128_gcm();

    [DllImport(Library)]
    public static extern nint EVP_aes_256_gcm();

    [DllImport(Library)]
    public static extern nint EVP_aes_128_ctr();

    [DllImport(Library)]
    public static extern nint EVP_aes_256_ctr();

    [DllImport(Library)]
    public static extern nint EVP_CIPHER_CTX_new();

    [DllImport(Library)]
    public static extern void EVP_CIPHER_CTX_free(nint context);

    [DllImport(Library)]
    public static extern int EVP_CIPHER_CTX_ctrl(nint context, int type, int argument, void* pointer);

    [DllImport(Library)]
    public static extern int EVP_CipherInit_ex(nint context, nint cipher, nint engine, byte* key, byte* iv, int encrypt);

    [DllImport(Library)]
    public static extern int EVP_CipherUpdate(nint context, byte* output, int* written, byte* input, int length);

    [DllImport(Library)]
    public static extern int EVP_CipherFinal_ex(nint context, byte* output, int* written);

    [DllImport(Library)]
    public static extern int SHA1_Init(void* state);

    [DllImport(Library)]
    public static extern int SHA1_Update(void* state, byte* data, nuint length);

    [DllImport(Library)]
    public static extern int SHA1_Final(byte* digest, void* state);

    [DllImport(Library)]
    public static extern void ERR_clear_error();

    [DllImport(Library)]
    public static extern ulong ERR_peek_last_error();

    [DllImport(Library)]
    public static extern int BIO_get_new_index();

    [DllImport(Library)]
    public static extern nint BIO_meth_new(int type, byte* name);

    [DllImport(Library)]
    public static extern int BIO_meth_set_write(nint method, delegate* unmanaged<nint, byte*, int, int> write);

    [DllImport(Library)]
    public static extern int BIO_meth_set_read(nint method, delegate* unmanaged<nint, byte*, int, int> read);

    [DllImport(Library)]
    public static extern int BIO_meth_set_ctrl(nint method, delegate* unmanaged<nint, int, CLong, nint, CLong> control);

    [DllImport(Library)]
    public static extern nint BIO_new(nint method);

    [DllImport(Library)]
    public static extern void BIO_set_data(nint bio, nint data);

    [DllImport(Library)]
    public static extern nint BIO_get_data(nint bio);

    [DllImport(Library)]
    public static extern void BIO_set_init(nint bio, int initialized);

    [DllImport(Library)]
    public static extern void BIO_set_flags(nint bio, int flags);

    [DllImport(Library)]
    public static extern void BIO_clear_flags(nint bio, int flags);

    [DllImport(Library)]
    public static extern int i2d_X509(nint certificate, byte** output);

    [DllImport(Library)]
    public static extern void X509_free(nint certificate);
}

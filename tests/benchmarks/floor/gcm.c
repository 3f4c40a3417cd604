#include "gcm.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool openssl_asked;

void gcm_use_openssl(void) { openssl_asked = true; }

// ---- OpenSSL

static void openssl_init(gcm_key *key, const uint8_t bytes[16]) {
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  if (context == NULL || EVP_CipherInit_ex(context, EVP_aes_128_gcm(), NULL, bytes, NULL, 1) != 1) {
    fprintf(stderr, "floor: OpenSSL offers no AES-128-GCM\n");
    exit(1);
  }
  key->openssl = context;
}

static bool openssl_run(const gcm_key *key, bool seal, const uint8_t iv[12], const uint8_t *aad, size_t aad_length, const uint8_t *text,
                        size_t length, uint8_t *target) {
  EVP_CIPHER_CTX *context = key->openssl;
  int written;
  EVP_CipherInit_ex(context, NULL, NULL, NULL, iv, seal);
  EVP_CipherUpdate(context, NULL, &written, aad, (int)aad_length);
  if (length > 0) EVP_CipherUpdate(context, target, &written, text, (int)length);
  if (!seal) EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, gcm_tag_length, (void *)(text + length));
  uint8_t nothing[16];
  if (EVP_CipherFinal_ex(context, nothing, &written) != 1) return false;
  if (seal) EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, gcm_tag_length, target + length);
  return true;
}

// ---- AVX-512

#if defined(__VAES__) && defined(__VPCLMULQDQ__) && defined(__AVX512BW__) && defined(__AVX512VL__) && defined(__BMI2__)
#define GCM_VAES
#include <immintrin.h>

// GHASH works on octet-reversed blocks with H stored doubled, which makes the product of two reflected polynomials come out
// in place (Gueron and Kounavis, "Intel Carry-Less Multiplication Instruction and its Usage for Computing the GCM Mode").
typedef struct {
  __m512i low, middle, high;
} product;

static inline __m512i reversed(__m512i blocks) {
  const __m128i order = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return _mm512_shuffle_epi8(blocks, _mm512_broadcast_i32x4(order));
}

static inline __m128i reversed_block(__m128i block) {
  return _mm_shuffle_epi8(block, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

static inline void multiply_add(product *sum, __m512i blocks, __m512i powers) {
  sum->low = _mm512_xor_si512(sum->low, _mm512_clmulepi64_epi128(blocks, powers, 0x00));
  sum->middle = _mm512_ternarylogic_epi64(sum->middle, _mm512_clmulepi64_epi128(blocks, powers, 0x01),
                                          _mm512_clmulepi64_epi128(blocks, powers, 0x10), 0x96);
  sum->high = _mm512_xor_si512(sum->high, _mm512_clmulepi64_epi128(blocks, powers, 0x11));
}

static inline __m128i lanes_added(__m512i lanes) {
  __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(lanes), _mm512_extracti64x4_epi64(lanes, 1));
  return _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

static inline __m128i reduced(const product *sum) {
  const __m128i polynomial = _mm_set_epi64x(0, (long long)0xC200000000000000);
  __m128i middle = lanes_added(sum->middle);
  __m128i low = _mm_xor_si128(lanes_added(sum->low), _mm_slli_si128(middle, 8));
  __m128i high = _mm_xor_si128(lanes_added(sum->high), _mm_srli_si128(middle, 8));
  low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4E), _mm_clmulepi64_si128(low, polynomial, 0x00));
  low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4E), _mm_clmulepi64_si128(low, polynomial, 0x00));
  return _mm_xor_si128(low, high);
}

#define NEXT_ROUND_KEY(n, constant)                                                                 \
  do {                                                                                              \
    __m128i assist = _mm_shuffle_epi32(_mm_aeskeygenassist_si128(k, constant), 0xFF);               \
    k = _mm_xor_si128(k, _mm_slli_si128(k, 4));                                                     \
    k = _mm_xor_si128(k, _mm_slli_si128(k, 8));                                                     \
    k = _mm_xor_si128(k, assist);                                                                   \
    _mm_store_si128((__m128i *)key->round_keys[n], k);                                              \
  } while (0)

static void vaes_init(gcm_key *key, const uint8_t bytes[16]) {
  __m128i k = _mm_loadu_si128((const __m128i *)bytes);
  _mm_store_si128((__m128i *)key->round_keys[0], k);
  NEXT_ROUND_KEY(1, 0x01);
  NEXT_ROUND_KEY(2, 0x02);
  NEXT_ROUND_KEY(3, 0x04);
  NEXT_ROUND_KEY(4, 0x08);
  NEXT_ROUND_KEY(5, 0x10);
  NEXT_ROUND_KEY(6, 0x20);
  NEXT_ROUND_KEY(7, 0x40);
  NEXT_ROUND_KEY(8, 0x80);
  NEXT_ROUND_KEY(9, 0x1B);
  NEXT_ROUND_KEY(10, 0x36);

  __m128i h = _mm_load_si128((const __m128i *)key->round_keys[0]);
  for (int round = 1; round < 10; round++) h = _mm_aesenc_si128(h, _mm_load_si128((const __m128i *)key->round_keys[round]));
  h = reversed_block(_mm_aesenclast_si128(h, _mm_load_si128((const __m128i *)key->round_keys[10])));
  __m128i carry = _mm_srai_epi32(_mm_shuffle_epi32(h, 0xFF), 31);
  __m128i doubled = _mm_or_si128(_mm_slli_epi64(h, 1), _mm_srli_epi64(_mm_slli_si128(h, 8), 63));
  h = _mm_xor_si128(doubled, _mm_and_si128(carry, _mm_set_epi64x((long long)0xC200000000000000, 1)));

  __m128i power = h;
  for (int index = gcm_powers - 1; index >= 0; index--) {
    _mm_store_si128((__m128i *)key->powers[index], power);
    product next = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
    multiply_add(&next, _mm512_zextsi128_si512(power), _mm512_zextsi128_si512(h));
    power = reduced(&next);
  }
}

// Four blocks at a time; the sum so far is folded into the first.
static inline __m128i hash_aad(const gcm_key *key, const uint8_t *aad, size_t length) {
  __m128i hash = _mm_setzero_si128();
  while (length > 0) {
    size_t taken = length < 64 ? length : 64;
    __m512i blocks = reversed(_mm512_maskz_loadu_epi8(_bzhi_u64(~0ull, (unsigned)taken), aad));
    product sum = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
    multiply_add(&sum, _mm512_xor_si512(blocks, _mm512_zextsi128_si512(hash)),
                 _mm512_loadu_si512(key->powers[gcm_powers - (taken + 15) / 16]));
    hash = reduced(&sum);
    aad += taken;
    length -= taken;
  }
  return hash;
}

// Both directions: GHASH runs over the ciphertext, which is the output of one and the input of the other. A chunk is 512 octets:
// eight independent AES chains cover the latency of a round, and one reduction serves 32 blocks.
static inline __attribute__((always_inline)) __m128i vaes_run(const gcm_key *key, bool seal, const uint8_t iv[12], const uint8_t *aad,
                                                              size_t aad_length, const uint8_t *text, size_t length, uint8_t *target) {
  uint8_t counter_block[16] = {[15] = 1};
  memcpy(counter_block, iv, 12);
  __m128i first = _mm_loadu_si128((const __m128i *)counter_block);
  __m512i counters = _mm512_add_epi32(_mm512_broadcast_i32x4(first),
                                      _mm512_set_epi32(4 << 24, 0, 0, 0, 3 << 24, 0, 0, 0, 2 << 24, 0, 0, 0, 1 << 24, 0, 0, 0));
  const __m512i four = _mm512_set_epi32(4 << 24, 0, 0, 0, 4 << 24, 0, 0, 0, 4 << 24, 0, 0, 0, 4 << 24, 0, 0, 0);
  __m512i keys[11];
  for (int round = 0; round < 11; round++) {
    keys[round] = _mm512_broadcast_i32x4(_mm_load_si128((const __m128i *)key->round_keys[round]));
  }
  __m128i mask = _mm_xor_si128(first, _mm512_castsi512_si128(keys[0]));
  for (int round = 1; round < 10; round++) mask = _mm_aesenc_si128(mask, _mm512_castsi512_si128(keys[round]));
  mask = _mm_aesenclast_si128(mask, _mm512_castsi512_si128(keys[10]));

  const size_t whole = length;
  __m128i hash = hash_aad(key, aad, aad_length);
  for (; length >= 512; length -= 512, text += 512, target += 512) {
    __m512i stream[8];
    for (int v = 0; v < 8; v++) {
      stream[v] = _mm512_xor_si512(counters, keys[0]);
      counters = _mm512_add_epi32(counters, four);
    }
    for (int round = 1; round < 10; round++) {
      for (int v = 0; v < 8; v++) stream[v] = _mm512_aesenc_epi128(stream[v], keys[round]);
    }
    product sum = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
    for (int v = 0; v < 8; v++) {
      __m512i in = _mm512_loadu_si512(text + 64 * v);
      __m512i out = _mm512_xor_si512(in, _mm512_aesenclast_epi128(stream[v], keys[10]));
      _mm512_storeu_si512(target + 64 * v, out);
      __m512i blocks = reversed(seal ? out : in);
      if (v == 0) blocks = _mm512_xor_si512(blocks, _mm512_zextsi128_si512(hash));
      multiply_add(&sum, blocks, _mm512_load_si512(key->powers[4 + 4 * v]));
    }
    hash = reduced(&sum);
  }

  // The rest and the block of lengths share the last reduction: with n blocks left the first of them takes H^(n+1).
  product sum = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
  const uint8_t *powers = key->powers[gcm_powers - 1 - (length + 15) / 16];
  __m512i carried = _mm512_zextsi128_si512(hash);
  __m512i lengths = _mm512_zextsi128_si512(_mm_set_epi64x((long long)aad_length * 8, (long long)whole * 8));
  if (length == 0) lengths = _mm512_xor_si512(lengths, carried);
  multiply_add(&sum, lengths, _mm512_zextsi128_si512(_mm_load_si128((const __m128i *)key->powers[gcm_powers - 1])));
  for (size_t done = 0; done < length; done += 64) {
    __mmask64 present = _bzhi_u64(~0ull, length - done < 64 ? (unsigned)(length - done) : 64);
    __m512i stream = _mm512_xor_si512(counters, keys[0]);
    counters = _mm512_add_epi32(counters, four);
    for (int round = 1; round < 10; round++) stream = _mm512_aesenc_epi128(stream, keys[round]);
    __m512i in = _mm512_maskz_loadu_epi8(present, text + done);
    __m512i out = _mm512_xor_si512(in, _mm512_aesenclast_epi128(stream, keys[10]));
    _mm512_mask_storeu_epi8(target + done, present, out);
    __m512i blocks = reversed(_mm512_maskz_mov_epi8(present, seal ? out : in));
    multiply_add(&sum, _mm512_xor_si512(blocks, carried), _mm512_loadu_si512(powers + done));
    carried = _mm512_setzero_si512();
  }
  return _mm_xor_si128(reversed_block(reduced(&sum)), mask);
}

static void vaes_seal(const gcm_key *key, const uint8_t iv[12], const uint8_t *aad, size_t aad_length, const uint8_t *text, size_t length,
                      uint8_t *target) {
  __m128i tag = vaes_run(key, true, iv, aad, aad_length, text, length, target);
  _mm_storeu_si128((__m128i *)(target + length), tag);
}

static bool vaes_open(const gcm_key *key, const uint8_t iv[12], const uint8_t *aad, size_t aad_length, const uint8_t *text, size_t length,
                      uint8_t *target) {
  __m128i sent = _mm_loadu_si128((const __m128i *)(text + length));
  __m128i tag = vaes_run(key, false, iv, aad, aad_length, text, length, target);
  return _mm_movemask_epi8(_mm_cmpeq_epi8(sent, tag)) == 0xFFFF;
}

#endif

// ---- What is used

bool gcm_has_vaes(void) {
#ifdef GCM_VAES
  return !openssl_asked;
#else
  return false;
#endif
}

void gcm_init(gcm_key *key, const uint8_t bytes[16]) {
  key->openssl = NULL;
#ifdef GCM_VAES
  if (gcm_has_vaes()) {
    vaes_init(key, bytes);
    return;
  }
#endif
  openssl_init(key, bytes);
}

void gcm_seal(const gcm_key *key, const uint8_t iv[12], const uint8_t *aad, size_t aad_length, const uint8_t *text, size_t length,
              uint8_t *target) {
#ifdef GCM_VAES
  if (key->openssl == NULL) {
    vaes_seal(key, iv, aad, aad_length, text, length, target);
    return;
  }
#endif
  openssl_run(key, true, iv, aad, aad_length, text, length, target);
}

bool gcm_open(const gcm_key *key, const uint8_t iv[12], const uint8_t *aad, size_t aad_length, const uint8_t *text, size_t length,
              uint8_t *target) {
#ifdef GCM_VAES
  if (key->openssl == NULL) return vaes_open(key, iv, aad, aad_length, text, length, target);
#endif
  return openssl_run(key, false, iv, aad, aad_length, text, length, target);
}

// ---- Self test

static const char *test_vector(void) {
  // tests/vectors/rfc7714/srtp.json: salt 517569642070726f2071756f, SSRC 5501a0b2, ROC 0, sequence number 61819.
  static const uint8_t bytes[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  static const uint8_t iv[12] = {0x51, 0x75, 0x3c, 0x65, 0x80, 0xc2, 0x72, 0x6f, 0x20, 0x71, 0x84, 0x14};
  static const uint8_t aad[12] = {0x80, 0x40, 0xf1, 0x7b, 0x80, 0x41, 0xf8, 0xd3, 0x55, 0x01, 0xa0, 0xb2};
  static const char text[] = "Gallia est omnis divisa in partes tres";
  static const uint8_t sealed[] = {
      0xf2, 0x4d, 0xe3, 0xa3, 0xfb, 0x34, 0xde, 0x6c, 0xac, 0xba, 0x86, 0x1c, 0x9d, 0x7e, 0x4b, 0xca, 0xbe, 0x63,
      0x3b, 0xd5, 0x0d, 0x29, 0x4e, 0x6f, 0x42, 0xa5, 0xf4, 0x7a, 0x51, 0xc7, 0xd1, 0x9b, 0x36, 0xde, 0x3a, 0xdf,
      0x88, 0x33, 0x89, 0x9d, 0x7f, 0x27, 0xbe, 0xb1, 0x6a, 0x91, 0x52, 0xcf, 0x76, 0x5e, 0xe4, 0x39, 0x0c, 0xce};
  const size_t length = sizeof text - 1;
  gcm_key key;
  uint8_t out[sizeof sealed];
  gcm_init(&key, bytes);
  gcm_seal(&key, iv, aad, sizeof aad, (const uint8_t *)text, length, out);
  if (memcmp(out, sealed, sizeof sealed) != 0) return "RFC 7714 16.1.1 comes out otherwise";
  if (!gcm_open(&key, iv, aad, sizeof aad, sealed, length, out) || memcmp(out, text, length) != 0) return "RFC 7714 16.1.2 is not opened";
  return NULL;
}

static const char *test_length(const gcm_key *own, const gcm_key *openssl, size_t aad_length, size_t length) {
  static uint8_t text[2048], expected[2048], sealed[2048], opened[2048];
  uint8_t iv[12], aad[64];
  for (size_t i = 0; i < length; i++) text[i] = (uint8_t)rand();
  for (size_t i = 0; i < sizeof iv; i++) iv[i] = (uint8_t)rand();
  for (size_t i = 0; i < sizeof aad; i++) aad[i] = (uint8_t)rand();
  openssl_run(openssl, true, iv, aad, aad_length, text, length, expected);
  gcm_seal(own, iv, aad, aad_length, text, length, sealed);
  if (memcmp(expected, sealed, length + gcm_tag_length) != 0) return "a packet is sealed otherwise than by OpenSSL";
  if (!gcm_open(own, iv, aad, aad_length, sealed, length, opened)) return "a good packet is refused";
  if (memcmp(opened, text, length) != 0) return "a packet is opened wrongly";
  sealed[(size_t)rand() % (length + gcm_tag_length)] ^= 1;
  if (gcm_open(own, iv, aad, aad_length, sealed, length, opened)) return "a forged packet is taken";
  return NULL;
}

const char *gcm_self_test(void) {
  const char *failure = test_vector();
  uint8_t bytes[16];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)rand();
  gcm_key own, openssl;
  gcm_init(&own, bytes);
  openssl_init(&openssl, bytes);
  for (size_t length = 0; failure == NULL && length <= 1600; length++) {
    failure = test_length(&own, &openssl, 12 + length % 13 * 4, length);
  }
  EVP_CIPHER_CTX_free(openssl.openssl);
  EVP_CIPHER_CTX_free(own.openssl);
  return failure;
}

// AES-128-GCM with a 12-octet IV (NIST SP 800-38D), two ways: AVX-512 with VAES and VPCLMULQDQ, and OpenSSL.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  gcm_tag_length = 16,
  gcm_powers = 36,
  // 254 counter blocks: the counter never leaves its last octet, so that the kernel adds to that alone.
  gcm_max_text = 253 * 16,
};

typedef struct {
  _Alignas(64) uint8_t round_keys[11][16];
  uint8_t unused[16];
  // H^36 … H^1; the vectors of a short tail read up to three powers beyond the last and multiply them by zero.
  _Alignas(64) uint8_t powers[gcm_powers][16];
  uint8_t slack[64];
  void *openssl;
} gcm_key;

// True where this build and this CPU have the AVX-512 kernel; otherwise, or after gcm_use_openssl(), OpenSSL is used.
bool gcm_has_vaes(void);
void gcm_use_openssl(void);

void gcm_init(gcm_key *key, const uint8_t bytes[16]);

// Writes length octets of ciphertext and then the tag. Source and target may be the same, else they must not overlap.
void gcm_seal(const gcm_key *key, const uint8_t iv[12], const uint8_t *aad, size_t aad_length, const uint8_t *text, size_t length,
              uint8_t *target);

// length is that of the ciphertext without its tag; false, and nothing to be used in target, when the tag is wrong.
bool gcm_open(const gcm_key *key, const uint8_t iv[12], const uint8_t *aad, size_t aad_length, const uint8_t *text, size_t length,
              uint8_t *target);

// The vector of RFC 7714 section 16.1.1, then each length up to 1,600 against OpenSSL. NULL when all is well, else what is wrong.
const char *gcm_self_test(void);

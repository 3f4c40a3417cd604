// The yardstick of ./bench: what every SFU must do for a packet and nothing else, as fast as one could write it.
// One thread, one unconnected UDP socket: receive a batch, decrypt each packet once, encrypt it for each subscriber under the
// subscriber's SSRC and numbers, send a batch. No RTCP, no retransmission, no ICE, no DTLS: clients register with a datagram
// that holds their SRTP session key. README.md beside this file has the protocol. Loopback only: keys travel in the clear.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "gcm.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

enum {
  batch = 128,              // packets of one wake-up
  slot_size = 2048,         // octets for one datagram
  arena_size = 256 * 1024,  // ciphertext that waits for sendmmsg; stays in the L2 cache
  max_messages = 512,       // messages of one sendmmsg
  max_segments = 64,        // of one GSO message: the limit of kernels before 6.9
  max_gso_octets = 65000,   // below 65,507, the most that an IPv4 UDP message carries
  table_size = 1 << 14,     // addresses and SSRCs of publishers; a power of two
  request_size = 48,
  echo_size = 20,
};

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void *allocate(size_t size) {
  void *memory = aligned_alloc(64, (size + 63) / 64 * 64);
  if (memory == NULL) fail("floor: memory");
  return memset(memory, 0, size);
}

static uint32_t read32(const uint8_t *from) {
  uint32_t value;
  memcpy(&value, from, 4);
  return ntohl(value);
}

static void write32(uint8_t *to, uint32_t value) {
  value = htonl(value);
  memcpy(to, &value, 4);
}

// ---- Who is there

// A received packet whose payload is plaintext by now.
typedef struct {
  const uint8_t *header, *payload;
  uint16_t header_length, payload_length;
  uint64_t index;  // ROC and sequence number (RFC 3711 section 3.3.1)
} packet;

typedef struct stream {
  struct stream *next;
  struct room *room;
  uint32_t id;
  int count;  // of this wake-up's packets
  packet packets[batch];
} stream;

typedef struct publisher {
  gcm_key key;
  uint8_t salt[12];
  uint32_t ssrc;
  struct sockaddr_in address;
  bool started;
  uint64_t index;  // the highest so far
  stream *stream;
} publisher;

typedef struct subscription {
  gcm_key key;
  uint8_t salt[12];
  uint32_t ssrc;
  bool started;
  uint64_t offset;  // own numbers are the publisher's minus this
  stream *stream;
  struct subscription *next;
} subscription;

// One address in a room: all its subscriptions are served together, so that runs of packets to it form.
typedef struct member {
  struct sockaddr_in address;
  subscription *first, **last;
  struct member *next;
} member;

typedef struct room {
  uint32_t id;
  bool forwarded;  // in this wake-up
  member *first, **last;
  struct room *next;
} room;

static stream *streams;
static room *rooms;
static publisher *table[table_size];
static int publishers;

static room *find_room(uint32_t id) {
  room *r = rooms;
  while (r != NULL && r->id != id) r = r->next;
  if (r == NULL) {
    r = allocate(sizeof *r);
    *r = (room){.id = id, .last = &r->first, .next = rooms};
    rooms = r;
  }
  return r;
}

static stream *find_stream(room *in, uint32_t id) {
  stream *s = streams;
  while (s != NULL && (s->room != in || s->id != id)) s = s->next;
  if (s == NULL) {
    s = allocate(sizeof *s);
    s->room = in, s->id = id, s->next = streams;
    streams = s;
  }
  return s;
}

static bool same_address(const struct sockaddr_in *a, const struct sockaddr_in *b) {
  return a->sin_addr.s_addr == b->sin_addr.s_addr && a->sin_port == b->sin_port;
}

// Open addressing: the place of the publisher, or the free one where it belongs.
static publisher **find_publisher(const struct sockaddr_in *address, uint32_t ssrc) {
  uint64_t hash = ((uint64_t)address->sin_addr.s_addr << 16 | address->sin_port) ^ (uint64_t)ssrc << 24;
  uint32_t place = (uint32_t)(hash * 0x9E3779B97F4A7C15ull >> 40);
  for (;; place++) {
    publisher **p = &table[place % table_size];
    if (*p == NULL || ((*p)->ssrc == ssrc && same_address(&(*p)->address, address))) return p;
  }
}

static bool register_publisher(const struct sockaddr_in *address, const uint8_t *request) {
  publisher **place = find_publisher(address, read32(request + 16));
  if (*place == NULL) {
    if (publishers >= table_size / 2) return false;
    publishers++;
    *place = allocate(sizeof **place);
  }
  publisher *p = *place;
  p->ssrc = read32(request + 16), p->address = *address, p->started = false;
  p->stream = find_stream(find_room(read32(request + 8)), read32(request + 12));
  gcm_init(&p->key, request + 20);
  memcpy(p->salt, request + 36, 12);
  return true;
}

static void register_subscriber(const struct sockaddr_in *address, const uint8_t *request) {
  room *r = find_room(read32(request + 8));
  member *m = r->first;
  while (m != NULL && !same_address(&m->address, address)) m = m->next;
  if (m == NULL) {
    m = allocate(sizeof *m);
    m->address = *address, m->last = &m->first;
    *r->last = m, r->last = &m->next;
  }
  stream *wanted = find_stream(r, read32(request + 12));
  subscription *s = m->first;
  while (s != NULL && s->stream != wanted) s = s->next;
  if (s == NULL) {
    s = allocate(sizeof *s);
    s->stream = wanted;
    *m->last = s, m->last = &s->next;
  }
  s->ssrc = read32(request + 16), s->started = false;
  gcm_init(&s->key, request + 20);
  memcpy(s->salt, request + 36, 12);
}

// Else its address would get packets for ever, and whoever has the port next could not decrypt them.
static void remove_subscriber(const struct sockaddr_in *address, const uint8_t *request) {
  room *r = find_room(read32(request + 8));
  const stream *left = find_stream(r, read32(request + 12));
  for (member **place = &r->first; *place != NULL; place = &(*place)->next) {
    member *m = *place;
    if (!same_address(&m->address, address)) continue;
    subscription **at = &m->first;
    while (*at != NULL && (*at)->stream != left) at = &(*at)->next;
    subscription *gone = *at;
    if (gone == NULL) return;
    *at = gone->next;
    if (m->last == &gone->next) m->last = at;
    free(gone);
    if (m->first != NULL) return;
    *place = m->next;
    if (r->last == &m->next) r->last = place;
    free(m);
    return;
  }
}

// ---- Counters

static struct {
  uint64_t wakeups, received, registered, unknown, malformed, forged, forwarded, messages, gso_messages, gso_segments, send_errors;
} counted;

// ---- Sending

static uint8_t *arena;
static size_t arena_used;
static int messages;
static bool gso;
static struct mmsghdr headers[max_messages];
static struct iovec pieces[max_messages];
static uint16_t segment_sizes[max_messages], segment_counts[max_messages];
static union {
  struct cmsghdr header;
  uint8_t octets[CMSG_SPACE(sizeof(uint16_t))];
} controls[max_messages];
static bool run_open;  // the last message takes more segments

static void flush(int socket) {
  for (int i = 0; i < messages; i++) {
    struct msghdr *h = &headers[i].msg_hdr;
    bool segmented = segment_counts[i] > 1;
    // For a single segment the control message costs more than it brings.
    h->msg_control = segmented ? &controls[i] : NULL;
    h->msg_controllen = segmented ? sizeof controls[i].octets : 0;
    if (segmented) {
      controls[i].header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(uint16_t)), .cmsg_level = SOL_UDP, .cmsg_type = UDP_SEGMENT};
      memcpy(CMSG_DATA(&controls[i].header), &segment_sizes[i], sizeof(uint16_t));
      counted.gso_messages++, counted.gso_segments += segment_counts[i];
    }
  }
  for (int sent = 0; sent < messages;) {
    int n = sendmmsg(socket, headers + sent, (unsigned)(messages - sent), 0);
    if (n > 0) {
      sent += n;
    } else if (errno != EINTR) {
      counted.send_errors++;  // the first of the rest is refused: leave it out
      sent++;
    }
  }
  counted.messages += (uint64_t)messages;
  messages = 0, arena_used = 0, run_open = false;
}

// Adds the packet that was written at the end of the arena. A segment may only be shorter than those before when it is the last.
static void enqueue(const struct sockaddr_in *to, size_t length) {
  int last = messages - 1;
  if (run_open && length <= segment_sizes[last] && segment_counts[last] < max_segments &&
      pieces[last].iov_len + length <= max_gso_octets) {
    pieces[last].iov_len += length;
    segment_counts[last]++;
    run_open = length == segment_sizes[last];
  } else {
    pieces[messages] = (struct iovec){.iov_base = arena + arena_used, .iov_len = length};
    headers[messages].msg_hdr.msg_name = (void *)to;
    segment_sizes[messages] = (uint16_t)length, segment_counts[messages] = 1;
    messages++;
    run_open = gso;
  }
  arena_used += length;
  counted.forwarded++;
}

// ---- Forwarding

// RFC 7714 section 8.1: 00 00 | SSRC | ROC | SEQ, xor the salt.
static void make_iv(uint8_t iv[12], const uint8_t salt[12], uint32_t ssrc, uint64_t index) {
  iv[0] = iv[1] = 0;
  write32(iv + 2, ssrc);
  write32(iv + 6, (uint32_t)(index >> 16));
  iv[10] = (uint8_t)(index >> 8), iv[11] = (uint8_t)index;
  for (int i = 0; i < 12; i++) iv[i] ^= salt[i];
}

// RFC 3711 appendix A: the index next to the highest so far.
static uint64_t estimate_index(const publisher *p, uint16_t sequence) {
  if (!p->started) return sequence;
  uint64_t index = (p->index & ~0xFFFFull) | sequence;
  if (index + 0x8000 < p->index) return index + 0x10000;
  if (index > p->index + 0x8000 && index >= 0x10000) return index - 0x10000;
  return index;
}

// Octets of the RTP header with CSRCs and extension (RFC 3550 section 5.1); 0 when it does not fit before a tag.
static size_t header_length(const uint8_t *data, size_t length) {
  if (length < 12 + gcm_tag_length || data[0] >> 6 != 2) return 0;
  size_t header = 12 + (data[0] & 15u) * 4;
  if (data[0] & 0x10) {
    if (header + 4 + gcm_tag_length > length) return 0;
    header += 4 + 4 * (size_t)(data[header + 2] << 8 | data[header + 3]);
  }
  return header + gcm_tag_length > length ? 0 : header;
}

static stream *active[batch];  // with packets of this wake-up
static int active_count;

// Decrypts in place and puts the packet on its stream.
static void receive_packet(const struct sockaddr_in *from, uint8_t *data, size_t length) {
  size_t header = header_length(data, length);
  if (header == 0) {
    counted.malformed++;
    return;
  }
  publisher *p = *find_publisher(from, read32(data + 8));
  if (p == NULL) {
    counted.unknown++;
    return;
  }
  uint64_t index = estimate_index(p, (uint16_t)(data[2] << 8 | data[3]));
  size_t payload = length - header - gcm_tag_length;
  uint8_t iv[12];
  make_iv(iv, p->salt, p->ssrc, index);
  if (!gcm_open(&p->key, iv, data, header, data + header, payload, data + header)) {
    counted.forged++;
    return;
  }
  if (!p->started || index > p->index) p->index = index;
  p->started = true;
  counted.received++;
  stream *s = p->stream;
  if (s->count == 0) active[active_count++] = s;
  s->packets[s->count++] = (packet){data, data + header, (uint16_t)header, (uint16_t)payload, index};
}

static void forward_one(subscription *s, const packet *p, const struct sockaddr_in *to) {
  if (!s->started) {
    s->started = true;
    s->offset = p->index & ~0xFFFFull;  // the first packet keeps its sequence number and has ROC 0
  }
  uint64_t index = p->index - s->offset;
  uint8_t *out = arena + arena_used, iv[12];
  memcpy(out, p->header, p->header_length);
  out[2] = (uint8_t)(index >> 8), out[3] = (uint8_t)index;
  write32(out + 8, s->ssrc);
  make_iv(iv, s->salt, s->ssrc, index);
  gcm_seal(&s->key, iv, out, p->header_length, p->payload, p->payload_length, out + p->header_length);
  enqueue(to, (size_t)p->header_length + p->payload_length + gcm_tag_length);
}

static void forward_room(const room *r, int socket) {
  for (const member *m = r->first; m != NULL; m = m->next) {
    run_open = false;
    for (subscription *s = m->first; s != NULL; s = s->next) {
      for (int i = 0; i < s->stream->count; i++) {
        if (messages == max_messages || arena_used + slot_size > arena_size) flush(socket);
        forward_one(s, &s->stream->packets[i], &m->address);
      }
    }
  }
}

static void forward_all(int socket) {
  for (int i = 0; i < active_count; i++) {
    room *r = active[i]->room;
    if (!r->forwarded) forward_room(r, socket);
    r->forwarded = true;
  }
  if (messages > 0) flush(socket);
  for (int i = 0; i < active_count; i++) active[i]->count = 0, active[i]->room->forwarded = false;
  active_count = 0;
}

// ---- The loop

static volatile sig_atomic_t stopping;

// Rings again and again, because a signal between the look at `stopping` and the system call would go unheard.
static void stop(int signal) {
  (void)signal;
  stopping = 1;
  setitimer(ITIMER_REAL, &(struct itimerval){.it_value.tv_usec = 50000, .it_interval.tv_usec = 50000}, NULL);
}

static void answer(int socket, const struct sockaddr_in *to, uint8_t *request, size_t length) {
  if (length != request_size || request[4] != 1 || request[5] > 2) {
    counted.malformed++;
    return;
  }
  if (request[5] == 2) {
    remove_subscriber(to, request);
  } else if (request[5] == 1) {
    register_subscriber(to, request);
  } else if (!register_publisher(to, request)) {
    fprintf(stderr, "floor: more than %d publishers\n", table_size / 2);
    return;
  }
  counted.registered++;
  request[5] |= 0x80;
  if (sendto(socket, request, echo_size, 0, (const struct sockaddr *)to, sizeof *to) < 0) counted.send_errors++;
}

static void run(int socket, long linger_us) {
  static struct mmsghdr incoming[batch];
  static struct iovec slots[batch];
  static struct sockaddr_in from[batch];
  uint8_t *memory = allocate((size_t)batch * slot_size);
  for (int i = 0; i < batch; i++) {
    slots[i] = (struct iovec){.iov_base = memory + (size_t)i * slot_size, .iov_len = slot_size};
    incoming[i].msg_hdr = (struct msghdr){.msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &slots[i], .msg_iovlen = 1};
  }
  for (int i = 0; i < max_messages; i++) {
    headers[i].msg_hdr = (struct msghdr){.msg_namelen = sizeof(struct sockaddr_in), .msg_iov = &pieces[i], .msg_iovlen = 1};
  }
  arena = allocate(arena_size);

  while (!stopping) {
    int n = recvmmsg(socket, incoming, batch, MSG_WAITFORONE, NULL);
    if (n < 0 && errno != EINTR) fail("floor: recvmmsg");
    if (n <= 0) continue;
    if (linger_us > 0 && n < batch) {
      nanosleep(&(struct timespec){.tv_nsec = linger_us * 1000}, NULL);
      int more = recvmmsg(socket, incoming + n, (unsigned)(batch - n), MSG_DONTWAIT, NULL);
      if (more > 0) n += more;
    }
    counted.wakeups++;
    for (int i = 0; i < n; i++) {
      uint8_t *data = slots[i].iov_base;
      size_t length = incoming[i].msg_len;
      if (length >= 4 && memcmp(data, "FLOR", 4) == 0) {
        answer(socket, &from[i], data, length);
      } else {
        receive_packet(&from[i], data, length);
      }
    }
    forward_all(socket);
  }
}

typedef struct {
  double cpu, user, system;  // seconds
} cpu_time;

static cpu_time used_cpu(void) {
  struct timespec cpu;
  struct rusage usage;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
  getrusage(RUSAGE_SELF, &usage);
  return (cpu_time){(double)cpu.tv_sec + (double)cpu.tv_nsec / 1e9, (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6,
                    (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6};
}

static void print_counts(cpu_time before) {
  cpu_time now = used_cpu();
  double seconds = now.cpu - before.cpu, segments = (double)counted.gso_segments, forwarded = (double)counted.forwarded;
  printf("registered %lu, malformed %lu, unknown %lu, forged %lu, send errors %lu\n", counted.registered, counted.malformed,
         counted.unknown, counted.forged, counted.send_errors);
  printf("received %lu in %lu wake-ups, forwarded %lu in %lu messages, %lu of them GSO with %.1f segments\n", counted.received,
         counted.wakeups, counted.forwarded, counted.messages, counted.gso_messages,
         counted.gso_messages > 0 ? segments / (double)counted.gso_messages : 0);
  printf("CPU %.3f s (user %.3f, system %.3f by ticks), %.0f ns per forwarded packet\n", seconds, now.user - before.user,
         now.system - before.system, forwarded > 0 ? seconds * 1e9 / forwarded : 0);
}

static int open_socket(uint16_t port) {
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  if (s < 0) fail("floor: socket");
  const int octets = 8 * 1024 * 1024;
  // The forced form needs root and passes the system's limit; the other is cut to it.
  if (setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets) != 0) setsockopt(s, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
  if (setsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE, &octets, sizeof octets) != 0) setsockopt(s, SOL_SOCKET, SO_SNDBUF, &octets, sizeof octets);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(s, (struct sockaddr *)&address, sizeof address) != 0) fail("floor: bind");
  return s;
}

static long number(const char *option, const char *text, long least, long most) {
  char *end;
  long value = strtol(text, &end, 10);
  if (*text == 0 || *end != 0 || value < least || value > most) {
    fprintf(stderr, "floor: --%s takes a number from %ld to %ld, not '%s'\n", option, least, most, text);
    exit(2);
  }
  return value;
}

int main(int argc, char **argv) {
  long port = 7990, linger_us = 0, seconds = 0;
  const struct option options[] = {{"port", required_argument, NULL, 'p'},      {"gso", no_argument, NULL, 'g'},
                                   {"linger-us", required_argument, NULL, 'l'}, {"seconds", required_argument, NULL, 's'},
                                   {"openssl", no_argument, NULL, 'o'},         {0}};
  for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
    switch (option) {
      case 'p': port = number("port", optarg, 1, 65535); break;
      case 'g': gso = true; break;
      case 'l': linger_us = number("linger-us", optarg, 0, 100000); break;
      case 's': seconds = number("seconds", optarg, 0, 86400); break;
      case 'o': gcm_use_openssl(); break;
      default:
        fprintf(stderr, "usage: floor [--port N] [--gso] [--linger-us N] [--seconds N] [--openssl]\n");
        return 2;
    }
  }
  const char *failure = gcm_self_test();
  if (failure != NULL) {
    fprintf(stderr, "floor: the self test of AES-GCM failed: %s\n", failure);
    return 1;
  }
  struct sigaction action = {.sa_handler = stop};  // without SA_RESTART: a signal ends the system call
  sigaction(SIGALRM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  prctl(PR_SET_TIMERSLACK, 1000ul);  // nanoseconds; the default of 50 us would be added to --linger-us
  int socket = open_socket((uint16_t)port);
  setitimer(ITIMER_REAL, &(struct itimerval){.it_value.tv_sec = seconds}, NULL);
  printf("floor on 127.0.0.1:%ld, AES-GCM by %s%s\n", port, gcm_has_vaes() ? "VAES" : "OpenSSL", gso ? ", GSO" : "");
  fflush(stdout);
  cpu_time before = used_cpu();
  run(socket, linger_us);
  print_counts(before);
  return 0;
}

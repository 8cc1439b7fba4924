/*
 * The least that a page-by-page dirty log can do: draw a page with xoshiro128** and set its bit.
 *
 * Usage: bitmap-loop PAGES DRAWS SAMPLES. Prints two numbers a line for each sample, elapsed and processor nanoseconds
 * a draw; then the number of bits set, so that no compiler may leave the loop out.
 *
 * xoshiro128** 1.1 is David Blackman's and Sebastiano Vigna's, dedicated by them to the public domain. Pages are drawn
 * without bias by Lemire's multiplication with rejection.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint32_t s[4] = {0x9e3779b9u, 0x243f6a88u, 0xb7e15162u, 0x8aed2a6au};

static inline uint32_t rotl(uint32_t x, int k) { return (x << k) | (x >> (32 - k)); }

static inline uint32_t next(void) {
  const uint32_t result = rotl(s[1] * 5, 7) * 9;
  const uint32_t t = s[1] << 9;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotl(s[3], 11);
  return result;
}

static inline uint32_t below(uint32_t bound, uint32_t threshold) {
  for (;;) {
    const uint64_t product = (uint64_t)next() * bound;
    if ((uint32_t)product >= threshold) return (uint32_t)(product >> 32);
  }
}

static double now_ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  const uint32_t pages = (uint32_t)strtoul(argv[1], NULL, 10);
  const uint64_t draws = strtoull(argv[2], NULL, 10);
  const int samples = atoi(argv[3]);
  const size_t words = ((size_t)pages + 31) / 32;
  const uint32_t threshold = (uint32_t)(-pages) % pages;
  uint32_t *bitmap = calloc(words, sizeof *bitmap);
  if (bitmap == NULL || pages == 0) return 1;
  uint64_t set = 0;
  for (int sample = 0; sample < samples; sample++) {
    memset(bitmap, 0, words * sizeof *bitmap);
    const double start = now_ns(CLOCK_MONOTONIC);
    const double processor_start = now_ns(CLOCK_PROCESS_CPUTIME_ID);
    for (uint64_t draw = 0; draw < draws; draw++) {
      const uint32_t page = below(pages, threshold);
      bitmap[page >> 5] |= 1u << (page & 31);
    }
    const double processor = now_ns(CLOCK_PROCESS_CPUTIME_ID) - processor_start;
    const double elapsed = now_ns(CLOCK_MONOTONIC) - start;
    printf("%.6f %.6f\n", elapsed / (double)draws, processor / (double)draws);
    for (size_t word = 0; word < words; word++) set += (uint64_t)__builtin_popcount(bitmap[word]);
  }
  printf("%llu\n", (unsigned long long)set);
  free(bitmap);
  return 0;
}

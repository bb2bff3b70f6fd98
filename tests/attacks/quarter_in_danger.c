/* The decoder at a quarter under the sanitizers, given scans, trees and measures that were changed at random.
 *
 * quarter_in_danger CASE ROUNDS SEED. CASE holds four int32 (units across and down, restart, parts), three parts of four int32 (blocks across and
 * down, trees), the counts and symbols of eight trees, and the scan. Says how many rounds were drawn as sound; a sanitizer ends it otherwise.
 */
#include QUARTER

#include <stdio.h>
#include <stdlib.h>

typedef struct {
    int32_t units[4], parts[PARTS][4];
    uint8_t counts[TREES * LONGEST], symbols[TREES * CODES];
} Case;

static uint64_t state;

static uint64_t any(uint64_t below) { /* xorshift64 */
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

static int round_of(const Case *sound, const uint8_t *scan, size_t size) {
    Case one = *sound;
    uint8_t *cut = malloc(size);
    size_t left = size;
    memcpy(cut, scan, size);
    for (int changes = any(12); changes > 0; changes--) switch (any(8)) {
        case 0: one.counts[any(sizeof one.counts)] = any(256); break;
        case 1: one.symbols[any(sizeof one.symbols)] = any(256); break;
        case 2: left = any(size) + 1; break;
        case 3: cut[any(size)] = 0xFF; break;
        case 4: one.units[2] = any(20); break;
        default: cut[any(size)] = any(256);
        }
    if (any(40) == 0) one.units[any(2)] += any(3);
    if (any(40) == 0) one.parts[any(PARTS)][any(4)] = (int32_t)any(6) - 1;
    uint8_t *exact = malloc(left); /* so that a byte too far is seen */
    memcpy(exact, cut, left);
    free(cut);
    Part parts[PARTS];
    for (int number = 0; number < PARTS; number++) {
        const int32_t *of = one.parts[number], *was = sound->parts[number];
        parts[number] = (Part){of[0], of[1], of[2], of[3], {1 + any(255), 1 + any(255), 1 + any(255), 1 + any(255), 1 + any(255)}, 0,
                               2LL * sound->units[0] * was[0], 2LL * sound->units[1] * was[1], NULL};
        parts[number].plane = malloc(parts[number].stride * parts[number].rows);
    }
    int said = quarter(exact, left, one.units[0], one.units[1], one.units[2], parts, one.units[3], one.counts, one.symbols);
    for (int number = 0; number < PARTS; number++) free(parts[number].plane);
    free(exact);
    return said == SOUND;
}

int main(int count, char **given) {
    static Case sound;
    static uint8_t scan[1 << 16];
    if (count != 4) return 2;
    FILE *file = fopen(given[1], "rb");
    if (!file || fread(&sound, sizeof sound, 1, file) != 1) return 2;
    size_t size = fread(scan, 1, sizeof scan, file);
    fclose(file);
    state = strtoull(given[3], NULL, 10) * 0x9E3779B97F4A7C15u + 1;
    long drawn = 0, rounds = strtol(given[2], NULL, 10);
    for (long number = 0; number < rounds; number++) drawn += round_of(&sound, scan, size);
    printf("%ld\n", drawn);
    return 0;
}

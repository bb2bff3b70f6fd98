/* A baseline JPEG (ITU-T T.81) at a quarter of its size: the four lowest coefficients of each block are kept, the others passed over.
 *
 * 1. What is given has been checked before (headers.py). Every place that is read or written is held within its bounds here all the same.
 * 2. Eight bytes of the scan are taken at once, or one by one where an FF is among them. Nothing is read past a marker or the end: what
 *    would lie there is nought, and that more was taken than there is is noticed at the end of each unit.
 * 3. After the lowest coefficients one look at a table passes over all codes that lie whole in its bits, and the values behind them.
 * 4. Whatever a sound file does not have ends the decoding. The caller then asks another decoder, whose word holds.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SOUND = 0, UNSOUND = 1 };
enum { PARTS = 3, TREES = 8, CODES = 256, LONGEST = 16, BLOCK = 64 };
enum { WINDOW = 12, WINDOWS = 1 << WINDOW, FOUR_WINDOWS = 4 };
enum { LOWEST = 5 };                    /* in zigzag order 0, 1, 2 and 4 */
enum { MOST_SIZE = 15, ENOUGH = 32 };   /* bits of a value; of a code and its value together */
enum { MOST_DIRECT = 1 << 15 };         /* sixteen times what eight bits of brightness lead to */
enum { TO_COME = 5, ENDS = 1 << 15 };   /* of a run: its bits, coefficients from bit 5, whether the block ends with it */

typedef struct {
    uint8_t length; /* bits of the code; nought where it is longer than the window, or is none */
    uint8_t whole;  /* bits of the code and of the value behind it */
    uint8_t ahead;  /* coefficients to go on by; nought ends the block */
    uint8_t size;   /* bits of the value */
} Code;

typedef struct {
    Code code[WINDOWS];
    uint16_t run[WINDOWS];
    int32_t first[LONGEST + 1], beyond[LONGEST + 1], place[LONGEST + 1]; /* codes of one length, and where their symbols begin */
    const uint8_t *symbols;
    int direct;
} Tree;

typedef struct {
    const uint8_t *at, *end;
    uint64_t bits; /* the next is the highest */
    int held;      /* how many there are; below nought where more were taken */
} Scan;

typedef struct { /* as decoder.py gives it */
    int32_t across, down, direct, alternating; /* blocks of it in a unit, and its trees */
    int32_t steps[LOWEST];                     /* of quantisation */
    int32_t unused;
    int64_t stride, rows;
    uint8_t *plane; /* 2 x 2 of each block */
} Part;

static inline void fill(Scan *scan) {
    if (scan->end - scan->at >= 8) {
        uint64_t next;
        memcpy(&next, scan->at, 8);
        if (!((~next - 0x0101010101010101u) & next & 0x8080808080808080u)) { /* no byte is FF */
            scan->bits |= __builtin_bswap64(next) >> scan->held;
            scan->at += (63 - scan->held) >> 3;
            scan->held |= 56;
            return;
        }
    }
    while (scan->held < 56 && scan->at < scan->end) {
        uint64_t byte = *scan->at;
        if (byte == 0xFF) { /* B.1.1.5: a nought behind it was stuffed, anything else is a marker */
            if (scan->end - scan->at < 2 || scan->at[1] != 0) return;
            scan->at++;
        }
        scan->at++;
        scan->bits |= byte << (56 - scan->held);
        scan->held += 8;
    }
}

static inline void drop(Scan *scan, int count) {
    scan->bits <<= count;
    scan->held -= count;
}

static Code code_of(const Tree *tree, int length, uint8_t symbol) {
    Code code = {length, length, 1, symbol};
    if (!tree->direct) {
        code.size = symbol & 15;
        code.ahead = code.size || symbol == 0xF0 ? (symbol >> 4) + 1 : 0;
    }
    code.whole += code.size;
    return code;
}

/* Annex C: codes of one length follow each other, those of the next length after them. */
static int plant(Tree *tree, const uint8_t *counts, const uint8_t *symbols, int direct) {
    int32_t code = 0, place = 0;
    memset(tree, 0, sizeof *tree);
    tree->symbols = symbols;
    tree->direct = direct;
    for (int length = 1; length <= LONGEST; length++, code <<= 1) {
        tree->first[length] = code;
        tree->place[length] = place;
        for (int number = 0; number < counts[length - 1]; number++, code++, place++) {
            if (code >= 1 << length || place >= CODES || (direct && symbols[place] > MOST_SIZE)) return UNSOUND;
            if (length > WINDOW) continue;
            for (int32_t window = code << (WINDOW - length); window < (code + 1) << (WINDOW - length); window++)
                tree->code[window] = code_of(tree, length, symbols[place]);
        }
        tree->beyond[length] = code;
    }
    for (int32_t window = 0; window < WINDOWS && !direct; window++) {
        int bits = 0, ahead = 0, ends = 0;
        while (!ends) {
            Code next = tree->code[(window << bits) & (WINDOWS - 1)];
            if (!next.length || bits + next.whole > WINDOW || ahead + next.ahead >= BLOCK) break;
            bits += next.whole;
            ahead += next.ahead;
            ends = next.ahead ? 0 : ENDS;
        }
        tree->run[window] = bits | ahead << TO_COME | ends;
    }
    return SOUND;
}

/* The next code, which may be longer than the window; of length nought where there is none. */
static inline Code next_code(const Tree *tree, const Scan *scan) {
    Code code = tree->code[scan->bits >> (64 - WINDOW)];
    for (int length = WINDOW + 1; !code.length && length <= LONGEST; length++) {
        int32_t bits = (int32_t)(scan->bits >> (64 - length));
        if (bits >= tree->first[length] && bits < tree->beyond[length])
            code = code_of(tree, length, tree->symbols[tree->place[length] + bits - tree->first[length]]);
    }
    return code;
}

/* F.2.2.1: the value behind a code. */
static inline int32_t value(const Scan *scan, Code code) {
    int32_t bits = (int32_t)(scan->bits << code.length >> 1 >> (63 - code.size));
    return bits < 1 << code.size >> 1 ? bits - (1 << code.size) + 1 : bits;
}

static inline int block(Scan *scan, const Tree *direct, const Tree *alternating, int32_t *mean, int32_t lowest[LOWEST]) {
    if (scan->held < ENOUGH) fill(scan);
    Code code = next_code(direct, scan);
    if (!code.length) return UNSOUND;
    *mean += value(scan, code);
    if (*mean < -MOST_DIRECT || *mean >= MOST_DIRECT) return UNSOUND;
    drop(scan, code.whole);
    lowest[0] = *mean;
    lowest[1] = lowest[2] = lowest[4] = 0;
    int at = 1;
    while (at < LOWEST) {
        if (scan->held < ENOUGH) fill(scan);
        code = next_code(alternating, scan);
        if (!code.length) return UNSOUND;
        at += code.ahead;
        if (code.size && at <= LOWEST) lowest[at - 1] = value(scan, code);
        drop(scan, code.whole);
        if (!code.ahead) return SOUND;
    }
    while (at < BLOCK) { /* (3) */
        fill(scan);
        int windows = FOUR_WINDOWS;
        uint16_t run = 0;
        while (windows) {
            run = alternating->run[scan->bits >> (64 - WINDOW)];
            if (at + (run >> TO_COME) >= BLOCK || !(run & 31)) break;
            at += run >> TO_COME;
            drop(scan, run & 31);
            windows--;
        }
        if (!windows) continue;
        if (run & ENDS && at + (run >> TO_COME & 63) < BLOCK) {
            drop(scan, run & 31);
            return SOUND;
        }
        if (scan->held < ENOUGH) fill(scan);
        code = next_code(alternating, scan);
        if (!code.length) return UNSOUND;
        at += code.ahead;
        drop(scan, code.whole);
        if (!code.ahead) return SOUND;
    }
    return at == BLOCK ? SOUND : UNSOUND;
}

static inline uint8_t level(int32_t eighths) {
    int32_t found = ((eighths + 4) >> 3) + 128;
    return found < 0 ? 0 : found > 255 ? 255 : found;
}

/* A.3.3 for two by two: the cosines are one and minus one. */
static inline void draw(const Part *part, int64_t row, int64_t column, const int32_t lowest[LOWEST]) {
    uint8_t *to = part->plane + 2 * row * part->stride + 2 * column;
    int32_t mean = lowest[0] * part->steps[0], across = lowest[1] * part->steps[1];
    int32_t down = lowest[2] * part->steps[2], both = lowest[4] * part->steps[4];
    to[0] = level(mean + across + down + both);
    to[1] = level(mean - across + down - both);
    to[part->stride] = level(mean + across - down - both);
    to[part->stride + 1] = level(mean - across - down + both);
}

static inline int marker(Scan *scan, int second) {
    if (scan->held < 0 || scan->held > 7 || scan->end - scan->at < 2 || scan->at[0] != 0xFF || scan->at[1] != second) return UNSOUND;
    *scan = (Scan){scan->at + 2, scan->end, 0, 0};
    return SOUND;
}

/* Draw the scan of `size` bytes into the planes of its parts. `counts` and `symbols` are of eight trees, four for direct current first;
 * `restart` is in units, nought for none. What is drawn is worth something only where SOUND is returned. */
int quarter(const uint8_t *data, size_t size, int32_t across, int32_t down, int32_t restart, const Part *parts, int32_t count,
            const uint8_t *counts, const uint8_t *symbols) {
    Tree trees[TREES];
    int32_t mean[PARTS] = {0}, lowest[LOWEST] = {0};
    Scan scan = {data, data + size, 0, 0};
    if (count < 1 || count > PARTS || across < 1 || down < 1 || restart < 0) return UNSOUND;
    for (int tree = 0; tree < TREES; tree++)
        if (plant(&trees[tree], counts + LONGEST * tree, symbols + CODES * tree, tree < TREES / 2)) return UNSOUND;
    for (const Part *part = parts; part < parts + count; part++) /* (1) */
        if (part->across < 1 || part->across > 2 || part->down < 1 || part->down > 2 || part->direct & ~3 || part->alternating & ~3 ||
            part->stride < 2LL * across * part->across || part->rows < 2LL * down * part->down)
            return UNSOUND;
    int64_t unit = 0;
    for (int32_t y = 0; y < down; y++)
        for (int32_t x = 0; x < across; x++, unit++) {
            if (restart && unit && unit % restart == 0) {
                if (marker(&scan, 0xD0 + ((unit / restart - 1) & 7))) return UNSOUND;
                memset(mean, 0, sizeof mean);
            }
            for (int number = 0; number < count; number++) {
                const Part *part = &parts[number];
                for (int row = 0; row < part->down; row++)
                    for (int column = 0; column < part->across; column++) {
                        if (block(&scan, &trees[part->direct], &trees[4 + part->alternating], &mean[number], lowest)) return UNSOUND;
                        draw(part, (int64_t)y * part->down + row, (int64_t)x * part->across + column, lowest);
                    }
            }
            if (scan.held < 0) return UNSOUND;
        }
    return marker(&scan, 0xD9);
}

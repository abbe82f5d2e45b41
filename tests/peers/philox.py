"""The random streams of base/rng.h, written from the paper on Philox 4x32 (Salmon et al. 2011)."""
MASK = 0xFFFFFFFF


def philox(counter, key):
    """Ten rounds."""
    (a, b, c, d), (k, m) = counter, key
    for _ in range(10):
        p, q = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = q >> 32 ^ b ^ k, q & MASK, p >> 32 ^ d ^ m, p & MASK
        k, m = k + 0x9E3779B9 & MASK, m + 0xBB67AE85 & MASK
    return a, b, c, d


def words(seed, number, purpose):
    """The 32-bit words of a stream."""
    block = 0
    while True:
        yield from philox((block, 0, number, purpose), (seed & MASK, seed >> 32))
        block += 1


def order(seed, number, purpose, n):
    """0 .. n-1 in random order: Fisher and Yates from the end."""
    stream, o = words(seed, number, purpose), list(range(n))
    for i in range(n - 1, 0, -1):
        other = next(stream) * (i + 1) >> 32
        o[i], o[other] = o[other], o[i]
    return o


def below(stream, n):
    """A number below n from two words of a stream (of a short stream, which rejects none)."""
    high = next(stream)
    return (high << 32 | next(stream)) % int(n)

// BLAKE2b with 64 bytes and no key (RFC 7693); words of 64 bits as pairs of 32, the low one first.
const BLAKE2B_IV = new Uint32Array([
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a,
  0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19]);
const BLAKE2B_SIGMA = [
  "0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8",
  "905724afe1bc683d", "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a",
  "6fe9b308c2d714a5", "a2847615fb9e3cd0", "0123456789abcdef", "ea489fd61c02b753"
].map((row) => Array.from(row, (digit) => 2 * parseInt(digit, 16)));

function blake2b(data) {
  const h = BLAKE2B_IV.slice(), v = new Uint32Array(32), m = new Uint32Array(32);
  h[0] ^= 0x01010040;

  // v[a] += x (low, high)
  function plus(a, low, high) {
    const sum = v[a] + low;
    v[a] = sum;
    v[a + 1] += high + (sum > 4294967295 ? 1 : 0);
  }

  // v[d] = (v[d] ^ v[a]) turned right by so many bits
  function turn(d, a, bits) {
    let low = v[d] ^ v[a], high = v[d + 1] ^ v[a + 1];
    if (bits >= 32) { const kept = low; low = high; high = kept; bits -= 32; }
    v[d] = bits ? low >>> bits | high << 32 - bits : low;
    v[d + 1] = bits ? high >>> bits | low << 32 - bits : high;
  }

  function mix(a, b, c, d, x, y) {
    plus(a, v[b], v[b + 1]); plus(a, m[x], m[x + 1]); turn(d, a, 32);
    plus(c, v[d], v[d + 1]); turn(b, c, 24);
    plus(a, v[b], v[b + 1]); plus(a, m[y], m[y + 1]); turn(d, a, 16);
    plus(c, v[d], v[d + 1]); turn(b, c, 63);
  }

  function compress(at, length, last) {
    const block = new Uint8Array(128);
    block.set(data.subarray(at, at + length));
    const view = new DataView(block.buffer);
    for (let i = 0; i < 32; i++) m[i] = view.getUint32(4 * i, true);
    v.set(h);
    v.set(BLAKE2B_IV, 16);
    v[24] ^= at + length;
    v[25] ^= Math.floor((at + length) / 4294967296);
    if (last) { v[28] = ~v[28]; v[29] = ~v[29]; }
    BLAKE2B_SIGMA.forEach((s) => {
      mix(0, 8, 16, 24, s[0], s[1]); mix(2, 10, 18, 26, s[2], s[3]);
      mix(4, 12, 20, 28, s[4], s[5]); mix(6, 14, 22, 30, s[6], s[7]);
      mix(0, 10, 20, 30, s[8], s[9]); mix(2, 12, 22, 24, s[10], s[11]);
      mix(4, 14, 16, 26, s[12], s[13]); mix(6, 8, 18, 28, s[14], s[15]);
    });
    for (let i = 0; i < 16; i++) h[i] ^= v[i] ^ v[i + 16];
  }

  let at = 0;
  for (; data.length - at > 128; at += 128) compress(at, 128, false);
  compress(at, data.length - at, true);
  const out = new DataView(new ArrayBuffer(64));
  h.forEach((word, i) => out.setUint32(4 * i, word, true));
  return new Uint8Array(out.buffer);
}

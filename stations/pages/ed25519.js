// Ed25519, to check signatures only (RFC 8032, 5.1.7), with the SHA-512 that it needs (FIPS 180-4).
// Big numbers are made by BigInt("..."), never as literals: an older browser must still read on.
// Nothing here is secret, so nothing needs to take the same time.
function ed25519() {
  const n = BigInt, ZERO = n(0), ONE = n(1), TWO = n(2), BITS = n(64), ALL = (ONE << BITS) - ONE;
  const P = (ONE << n(255)) - n(19);
  const L = (ONE << n(252)) + n("27742317777372353535851937790883648493");

  function mod(a) { const r = a % P; return r < ZERO ? r + P : r; }

  function power(base, exponent) {
    let result = ONE;
    for (; exponent > ZERO; exponent >>= ONE, base = base * base % P) {
      if (exponent & ONE) result = result * base % P;
    }
    return result;
  }

  const D = mod(n(-121665) * power(n(121666), P - TWO));
  const ROOT = power(TWO, (P - ONE) / n(4));

  // The first 64 bits after the point of the square or cube roots of primes, exactly.
  function root(number, degree) {
    let low = ZERO, high = ONE << n(80);
    while (high - low > ONE) {
      const middle = low + high >> ONE;
      if (middle ** n(degree) > number) high = middle; else low = middle;
    }
    return low & ALL;
  }
  const primes = [];
  for (let i = 2; primes.length < 80; i++) if (primes.every((p) => i % p)) primes.push(i);
  const START = primes.slice(0, 8).map((p) => root(n(p) << n(128), 2));
  const K = primes.map((p) => root(n(p) << n(192), 3));

  function number(bytes, bigEnd) {
    const order = bigEnd ? bytes : bytes.slice().reverse();
    return n("0x" + hex(order));
  }

  function sha512(data) {
    const blocks = Math.ceil((data.length + 17) / 128), padded = new Uint8Array(blocks * 128);
    padded.set(data);
    padded[data.length] = 0x80;
    new DataView(padded.buffer).setUint32(padded.length - 4, data.length * 8);
    const turn = (x, bits) => (x >> n(bits) | x << n(64 - bits)) & ALL;
    let h = START;
    for (let at = 0; at < padded.length; at += 128) {
      const w = [];
      for (let i = 0; i < 80; i++) {
        if (i < 16) { w.push(number(padded.subarray(at + 8 * i, at + 8 * i + 8), true)); continue; }
        const x = w[i - 15], y = w[i - 2];
        w.push(w[i - 16] + w[i - 7] + (turn(x, 1) ^ turn(x, 8) ^ x >> n(7))
          + (turn(y, 19) ^ turn(y, 61) ^ y >> n(6)) & ALL);
      }
      let s = h;
      for (let i = 0; i < 80; i++) {
        const a = s[0], e = s[4];
        const one = s[7] + (turn(e, 14) ^ turn(e, 18) ^ turn(e, 41))
          + (e & s[5] ^ (ALL ^ e) & s[6]) + K[i] + w[i];
        const two = (turn(a, 28) ^ turn(a, 34) ^ turn(a, 39)) + (a & s[1] ^ a & s[2] ^ s[1] & s[2]);
        s = [one + two & ALL, a, s[1], s[2], s[3] + one & ALL, e, s[5], s[6]];
      }
      h = h.map((word, i) => word + s[i] & ALL);
    }
    const out = new Uint8Array(64);
    for (let i = 0; i < 64; i++) out[i] = Number(h[i >> 3] >> n(56 - i % 8 * 8) & n(255));
    return out;
  }

  // Points as X, Y, Z, T (5.1.4): one rule adds any two.
  function add(p, q) {
    const a = (p[1] - p[0]) * (q[1] - q[0]) % P, b = (p[1] + p[0]) * (q[1] + q[0]) % P;
    const c = TWO * p[3] * q[3] % P * D % P, d = TWO * p[2] * q[2] % P;
    const e = b - a, f = d - c, g = d + c, h = b + a;
    return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
  }

  // 5.1.3; null where the bytes are no point.
  function point(bytes) {
    const whole = number(bytes), y = whole & (ONE << n(255)) - ONE, odd = whole >> n(255);
    if (y >= P) return null;
    const u = mod(y * y - ONE), v = mod(D * y * y + ONE), v3 = v * v % P * v % P;
    let x = u * v3 % P * power(u * v3 % P * v3 % P * v % P, (P - n(5)) / n(8)) % P;
    const check = v * x % P * x % P;
    if (check === mod(-u)) x = x * ROOT % P;
    else if (check !== u) return null;
    if (x === ZERO && odd) return null;
    if ((x & ONE) !== odd) x = P - x;
    return [x, y, ONE, x * y % P];
  }

  const BASE = (() => {
    const bytes = new Uint8Array(32).fill(0x66);
    bytes[0] = 0x58;
    return point(bytes);
  })();

  function verify(key, message, signature) {
    if (key.length !== 32 || signature.length !== 64) return false;
    const a = point(key), r = signature.subarray(0, 32), s = number(signature.subarray(32));
    if (!a || s >= L) return false;
    const all = new Uint8Array(64 + message.length);
    all.set(r); all.set(key, 32); all.set(message, 64);
    const k = number(sha512(all)) % L;
    // [s]B - [k]A in one walk over the bits of both
    const minus = [mod(-a[0]), a[1], ONE, mod(-a[3])], both = add(BASE, minus);
    let q = [ZERO, ONE, ONE, ZERO];
    for (let i = 252; i >= 0; i--) {
      q = add(q, q);
      const one = s >> n(i) & ONE, two = k >> n(i) & ONE;
      if (one && two) q = add(q, both);
      else if (one) q = add(q, BASE);
      else if (two) q = add(q, minus);
    }
    const z = power(q[2], P - TWO), x = q[0] * z % P, y = q[1] * z % P | (x & ONE) << n(255);
    return number(r) === y;
  }
  return { verify, sha512 };
}

// minisign's prehashed format: what a signature says, and whether a key made it.
function bytesOf(base64) {
  const text = atob(base64), out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

function utf8(text) { return new TextEncoder().encode(text); }

function joined(one, two) {
  const out = new Uint8Array(one.length + two.length);
  out.set(one);
  out.set(two, one.length);
  return out;
}

// The trusted comment, or null where the signature is not good.
function signedComment(data, signature, key) {
  const lines = signature.trim().split(/\r?\n/), before = "trusted comment: ";
  if (lines.length !== 4 || lines[2].slice(0, before.length) !== before) return null;
  const comment = lines[2].slice(before.length);
  try {
    const public_ = bytesOf(key), made = bytesOf(lines[1]), whole = bytesOf(lines[3]);
    if (public_.length !== 42 || made.length !== 74 || hex(public_.subarray(0, 2)) !== "4564"
      || hex(made.subarray(0, 2)) !== "4544"
      || hex(public_.subarray(2, 10)) !== hex(made.subarray(2, 10))) return null;
    const judge = ed25519(), point = public_.subarray(10), first = made.subarray(10);
    return judge.verify(point, blake2b(data), first)
      && judge.verify(point, joined(first, utf8(comment)), whole) ? comment : null;
  } catch (error) {
    if (error instanceof DOMException) return null;  // no base64
    throw error;
  }
}

// 40 digits in groups of five, as `altavoz keys` and the poster show them.
function fingerprint(key) {
  const sum = sha256();
  sum.add(bytesOf(key));
  const digits = (BigInt("0x" + hex(sum.digest())) % BigInt("1" + "0".repeat(40))).toString();
  return ("0".repeat(40) + digits).slice(-40).replace(/.{5}(?=.)/g, "$& ");
}

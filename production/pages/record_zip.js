// A ZIP of stored members (PKWARE APPNOTE.TXT, 4.3): sound does not shrink, so nothing is packed.
// Names are UTF-8 (flag bit 11). Every member is dated 1980-01-01: when somebody recorded is
// nobody's business.

const CRC_TABLE = Array.from({ length: 256 }, (_, start) => {
  let value = start;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return value >>> 0;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (let at = 0; at < bytes.length; at += 1) {
    value = CRC_TABLE[(value ^ bytes[at]) & 255] ^ (value >>> 8);
  }
  return (value ^ 0xffffffff) >>> 0;
}

// Give a header from pairs of [number of bytes, value], little-endian.
function zipHeader(fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, field) => sum + field[0], 0)));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 4) view.setUint32(at, value, true);
    else view.setUint16(at, value, true);
    at += size;
  }
  return view.buffer;
}

// Give a ZIP as a Blob from [{name, bytes: Uint8Array}], in that order.
function zipOf(members) {
  const bodies = [];
  const directory = [];
  let at = 0;
  let listed = 0;
  for (const { name, bytes } of members) {
    const title = new TextEncoder().encode(name);
    const told = [
      [2, 20], [2, 0x0800], [2, 0], [2, 0], [2, 0x0021],
      [4, crc32(bytes)], [4, bytes.length], [4, bytes.length], [2, title.length], [2, 0],
    ];
    const own = zipHeader([[4, 0x04034b50], ...told]);
    const entry = zipHeader([
      [4, 0x02014b50], [2, 20], ...told, [2, 0], [2, 0], [2, 0], [4, 0], [4, at],
    ]);
    bodies.push(own, title, bytes);
    directory.push(entry, title);
    at += own.byteLength + title.length + bytes.length;
    listed += entry.byteLength + title.length;
  }
  const count = members.length;
  const end = zipHeader([
    [4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, listed], [4, at], [2, 0],
  ]);
  return new Blob([...bodies, ...directory, end], { type: "application/zip" });
}

// What is known of the page's words, of each sound, and of files that somebody chose.
function read(id) {
  const found = document.getElementById(id);
  return found ? found.textContent : "";
}

function pause() { return new Promise((done) => setTimeout(done, 0)); }

const SLICE = 1 << 18;
const signed = JSON.parse(read("document"));
const items = signed.items.map((item) => Object.assign({}, item, { check: "unchecked", sound: null,
  inside: signed.embedded && !item.notice }));
const recalled = new Set();
signed.recalls.forEach((one) => one.files.forEach((file) => recalled.add(file.sha256)));

// "good", "unsigned", "unable" or "altered", of the words of the page without a program
function checkWords(text) {
  const key = read("key").trim();
  const shown = sha256();
  shown.add(utf8(text));
  if (hex(shown.digest()) !== signed.text_sha256) return "altered";
  if (!key) return "unsigned";
  if (typeof BigInt === "undefined") return "unable";
  const comment = signedComment(utf8(read("document")), read("signature"), key);
  const wanted = "page=" + signed.pack + " serial=" + signed.serial + " issued=" + signed.issued
    + " valid-until=" + signed.valid_until;
  return comment === wanted ? "good" : "altered";
}

function judge(item, digest) {
  item.check = recalled.has(digest) ? "withdrawn" : digest === item.sha256 ? "good" : "altered";
}

// The sound within the page: base64, each line for itself, in slices so that the page stays alive.
async function checkSound(item, block) {
  const sum = sha256(), pieces = [];
  try {
    for (const line of block.textContent.trim().split("\n")) {
      for (let at = 0; at < line.length; at += SLICE) {
        const bytes = bytesOf(line.slice(at, at + SLICE));
        sum.add(bytes);
        pieces.push(bytes);
        await pause();
      }
    }
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    item.check = "altered";  // no base64
    return;
  }
  judge(item, hex(sum.digest()));
  if (item.check === "good") item.sound = new Blob(pieces, { type: item.media_type });
}

function slice(file, at) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(new Uint8Array(reader.result));
    reader.onerror = () => failed(reader.error);
    reader.readAsArrayBuffer(file.slice(at, at + 4 * SLICE));
  });
}

async function digestOf(file) {
  const sum = sha256();
  for (let at = 0; at < file.size; at += 4 * SLICE) {
    sum.add(await slice(file, at));
    await pause();
  }
  return hex(sum.digest());
}

// Paths within the pack that a chosen file may be: of a folder the one, of a single file all that
// are called so. The pack's folder is the one in which the page lies, wherever it was chosen from.
function placesOf(chosen) {
  const paths = signed.files.concat(signed.items).map((one) => one.path).concat(signed.beside);
  const pages = chosen.map((file) => file.webkitRelativePath || "").filter((path) => /\/index\.html$/.test(path));
  const page = pages.sort((one, other) => one.length - other.length)[0] || "/index.html";
  const root = page.slice(0, page.length - "index.html".length);
  return (file) => {
    const path = file.webkitRelativePath;
    if (path && pages.length) return path.slice(0, root.length) === root ? [path.slice(root.length)] : [];
    const own = paths.filter((one) => one.split("/").pop() === file.name);
    return own.length ? own : [file.name];
  };
}

function settle(path, digest, file) {
  const item = items.find((own) => own.path === path);
  if (!item) return;
  judge(item, digest);
  item.sound = item.check === "good" ? file : null;
}

const PLAYED = /\.(mp[23]|wav|ogg|oga|opus|m4a|aac|flac|wma|amr|3gp|m3u8?|pls|html?)$/i;

// Holds chosen files against the signed list.
async function checkFiles(chosen, step) {
  const listed = new Map(signed.files.concat(signed.items).map((one) => [one.path, one]));
  const found = { good: [], altered: [], missing: [], unknown: [], withdrawn: [], total: listed.size };
  const placed = placesOf(chosen), doubtful = [];
  for (const file of chosen) {
    const places = placed(file), known = places.filter((path) => listed.has(path));
    step();
    // Photographs of others need not be read, and what is made of this page's digest cannot be.
    if (!places.length || places.some((path) => signed.beside.indexOf(path) >= 0)) continue;
    if (!known.length && (!PLAYED.test(file.name) || /^\./.test(file.name))) continue;
    let digest = "";
    try { digest = await digestOf(file); } catch (error) {
      if (!(error instanceof DOMException)) throw error;  // it cannot be read
    }
    const right = known.find((path) => listed.get(path).sha256 === digest);
    if (recalled.has(digest)) found.withdrawn.push(right || places[0]);
    else if (!known.length) found.unknown.push(places[0]);
    else if (right) found.good.push(right);
    else doubtful.push(known);
    if (right || known.length === 1) settle(right || known[0], digest, file);
  }
  // Of several that are called so, it is one of those that no other file is.
  doubtful.forEach((known) => {
    const left = known.filter((path) => found.good.indexOf(path) < 0);
    (left.length ? left : known).forEach((path) => {
      found.altered.push(path);
      settle(path, "", null);
    });
  });
  const seen = new Set(found.good.concat(found.altered, found.withdrawn));
  if (chosen.some((file) => file.webkitRelativePath)) {
    found.missing = Array.from(listed.keys()).filter((path) => !seen.has(path));
  }
  return found;
}

// Days as YYYY-MM-DD by the clock of the phone.
function today(later) {
  const now = new Date();
  now.setDate(now.getDate() + (later || 0));
  const two = (number) => (number < 10 ? "0" : "") + number;
  return now.getFullYear() + "-" + two(now.getMonth() + 1) + "-" + two(now.getDate());
}

// A day more, because it is tomorrow already elsewhere.
function clockIsWrong() { return today(1) < signed.issued; }
function isPast(day) { return day !== "" && day < today(); }

// What may be said of all of it, the worst first.
function verdictOf(words) {
  const has = (check) => items.some((item) => item.check === check);
  if (words === "altered" || has("altered")) return "altered";
  if (has("withdrawn")) return "withdrawn";
  if (clockIsWrong()) return "clock";
  if (isPast(signed.valid_until)) return "expired_title";
  if (words === "unsigned" || words === "unable") return words;
  // The sound of notices lies beside a page that holds all other sound; their words are checked.
  const open = items.some((item) => item.check === "unchecked" && item.inside === signed.embedded);
  return open || !has("good") ? "words_only" : "genuine";
}

function stateOf(item) {
  if (item.check === "altered" || item.check === "withdrawn") return item.check;
  if (isPast(item.expires || signed.valid_until)) return "expired";
  return item.check;
}

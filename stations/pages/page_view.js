// Builds what people see from the signed words alone; nothing is put in as markup.
const WORDS = {};
JSON.parse(read("words")).forEach((row, place, rows) => {
  if (place) WORDS[row[0]] = row.reduce((table, text, i) => { table[rows[0][i]] = text; return table; }, {});
});
const MARKS = { genuine: "✓", words_only: "?", unable: "?", unsigned: "?", checking: "…" };
// What is known of the words; how much sound is still to be checked; what chosen files were.
let tongue = "", words = "checking", waiting = 0, checked = null;

function el(name, more, children) {
  const made = document.createElement(name);
  Object.keys(more || {}).forEach((key) => {
    if (key === "text") made.textContent = more[key];
    else if (key === "act") made.addEventListener("click", more[key]);
    else if (more[key] !== "" && more[key] !== false) made.setAttribute(key, more[key]);
  });
  (children || []).forEach((child) => { if (child) made.append(child); });
  return made;
}

function say(key, values) {
  return WORDS[tongue][key].replace(/\{(\w+)\}/g, (all, name) => values[name]);
}

function day(iso) {
  const parts = iso.split("-").map(Number);
  return say("date", { day: parts[2], month: say("months").split(" ")[parts[1] - 1].replace(/_/g, " "),
    year: parts[0] });
}

function long(ms) {
  const seconds = Math.max(1, Math.round(ms / 1000)), rest = seconds % 60;
  return Math.floor(seconds / 60) + ":" + (rest < 10 ? "0" : "") + rest;
}

// Sentences in which names and addresses keep their own direction.
function line(key, values, type) {
  const made = el(type || "p");
  WORDS[tongue][key].split(/(\{\w+\})/).forEach((part) => {
    const value = /^\{\w+\}$/.test(part) ? values[part.slice(1, -1)] : null;
    made.append(value === null ? part : value instanceof Node ? value : el("bdi", { text: value }));
  });
  return made;
}

function ltr(text) { return el("bdi", { dir: "ltr", text: text }); }
function section(title, children) { return el("section", {}, [el("h2", { text: title })].concat(children)); }
function notes(lines) { return lines.map((text) => text && el("p", { text: text })); }

function langOf(tag) { return signed.languages.find((one) => one[0] === tag) || [tag, tag, "auto"]; }

function choose() {
  const wanted = (navigator.languages && navigator.languages.length ? navigator.languages
    : [navigator.language || ""]).map((tag) => tag.toLowerCase().split("-")[0]);
  const own = signed.languages.map((one) => one[0].split("-")[0]);
  return wanted.concat(own).find((tag) => WORDS[tag]) || signed.words;
}

function verdictBox() {
  const known = words === "checking" ? words : verdictOf(words);
  const kind = waiting && known !== "altered" ? "checking" : known;
  const values = { date: day(kind === "clock" ? signed.issued : signed.valid_until), today: day(today()) };
  const text = kind === "checking" ? "" : kind === "expired_title" ? say("expired_text", values)
    : say(kind + "_text", values);
  return el("div", { class: "verdict " + (kind === "genuine" ? "good" : MARKS[kind] ? "open" : "bad"), "data-verdict": kind }, [
    el("span", { class: "mark", "aria-hidden": "true", text: MARKS[kind] || "!" }),
    el("div", {}, [el("h2", { text: say(kind) })].concat(notes([text])))
  ]);
}

function showVerdict() {
  const box = document.getElementById("verdict");
  const made = verdictBox();
  if (box.firstChild && box.firstChild.isEqualNode(made)) return;
  box.textContent = "";
  box.append(made);
}

function showState(item) {
  const state = words === "altered" ? "altered" : words === "checking" ? "" : stateOf(item);
  // Digests prove nothing where nobody signed them, or nobody could check who did.
  const shown = state === "good" && words !== "good" ? "unchecked" : state;
  item.card.dataset.state = shown;
  const told = { good: "state_good", unchecked: "state_unchecked", expired: "expired_title" }[shown] || shown;
  item.label.textContent = told ? say(told) : "";
  item.button.disabled = !state || state === "altered" || state === "withdrawn"
    || Boolean(item.block) && item.check === "unchecked";
  if (item.button.disabled && item.player) { item.player.pause(); item.player.remove(); item.player = null; }
}

function refresh() { showVerdict(); items.forEach(showState); }

function follow(item, spans) {
  let before = null;
  item.player.addEventListener("timeupdate", () => {
    const time = item.player.currentTime * 1000 + 60;
    let now = null;
    spans.forEach((one) => { if (one[0] <= time) now = one[1]; });
    if (now === before) return;
    if (before) before.removeAttribute("aria-current");
    if (now) now.setAttribute("aria-current", "true");
    before = now;
  });
}

function play(item) {
  item.warning.hidden = true;
  item.button.hidden = true;
  const player = item.player = el("audio", { controls: "controls", preload: "auto" });
  player.setAttribute("aria-label", item.title);
  if (item.sound) player.src = URL.createObjectURL(item.sound);
  else {
    player.src = item.path;
    player.addEventListener("error", () => {
      item.warning.textContent = "";
      item.warning.append(line("cannot_play", { file: ltr(item.path) }));
      item.warning.hidden = false;
    });
    player.addEventListener("loadedmetadata", () => {
      const off = Math.abs(player.duration * 1000 - item.ms);
      if (!isFinite(player.duration) || off <= 1500 + item.ms / 50) return;
      item.check = "altered";
      refresh();
    });
  }
  item.button.after(player);
  item.words.open = true;
  follow(item, item.spans);
  player.focus();
  player.play().catch(() => {});
}

function ask(item) {
  const warning = stateOf(item) === "expired" ? "expired_warning" : clockIsWrong() ? "clock_warning" : "";
  if (!warning) { play(item); return; }
  item.warning.textContent = "";
  item.warning.append(el("p", { text: say(warning) }),
    el("button", { type: "button", text: say("hear_anyway"), act: () => play(item) }));
  item.warning.hidden = false;
  item.warning.querySelector("button").focus();
}

function transcript(item) {
  item.spans = [];
  const told = [];
  let last = null, held = null;
  item.says.forEach((one) => {
    const mark = one[1] + " " + (one[3] || "");
    if (mark !== last) {
      last = mark;
      held = el("p", { lang: one[4] || item.languages[0], dir: langOf(one[4] || item.languages[0])[2] },
        [one[3] ? el("b", { text: one[3] + ": " }) : null]);
      told.push(held);
    }
    const span = el("span", { text: one[2] });
    item.spans.push([one[0], span]);
    held.append(span, " ");
  });
  return told;
}

function card(item) {
  const info = langOf(item.languages[0]);
  if (item.player) { item.player.pause(); item.player = null; }
  item.label = el("p", { class: "state" });
  item.warning = el("div", { class: "warning", role: "alert", hidden: "hidden" });
  item.button = el("button", { type: "button", class: "play", act: () => ask(item) }, [
    el("span", { "aria-hidden": "true", text: "▶ " }), say("listen"),
    el("span", { class: "unseen", text: ": " + item.title, lang: info[0] })
  ]);
  item.words = el("details", {}, [el("summary", { text: say("transcript") })].concat(transcript(item)));
  const facts = [item.series, item.number ? say("episode", { number: item.number, date: day(item.dated) }) : "",
    say("duration", { duration: long(item.ms) })].filter(Boolean).join(" · ");
  item.card = el("article", {}, [
    el("h4", { lang: info[0], dir: info[2], text: item.title }),
    el("p", { class: "facts", text: facts }),
    item.notice ? el("p", { class: "badge strong", text: say("sign_notice") }) : null,
    item.fresh ? el("p", { class: "badge", text: say(item.fresh) }) : null,
    item.demo ? el("p", { class: "badge", text: say("sign_demo") }) : null,
    item.synthetic_voice ? el("p", { class: "badge quiet", text: say("sign_synthetic") }) : null,
    el("p", { class: "until", text: say("valid_until", { date: day(item.expires || signed.valid_until) }) }),
    item.label, item.warning, item.button, item.words
  ]);
  return item.card;
}

function groups() {
  const found = new Map();
  items.forEach((item) => {
    const key = item.languages.join(" ");
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(item);
  });
  const own = Array.from(found.keys());
  const wanted = own.find((key) => key.split(" ").some((tag) => tag.split("-")[0] === tongue)) || own[0];
  return own.map((key) => {
    const tags = key.split(" "), info = langOf(tags[0]);
    const name = tags.map((tag) => langOf(tag)[1]).join(" · ");
    return el("details", { class: "group", open: key === wanted && "open" }, [
      el("summary", {}, [el("h3", { lang: info[0], dir: info[2], text: name })])
    ].concat(found.get(key).map(card)));
  });
}

function recallBox() {
  if (!signed.recalls.length) return null;
  const present = new Map(items.map((item) => [item.path, item.title]));
  return el("section", { class: "alert" }, [el("h2", { text: say("delete") }), el("p", { text: say("recall") }),
    el("ul", {}, signed.recalls.map((one) => {
      const info = langOf(one.language);
      return el("li", {}, [
        line("recall_line", { language: one.name, title: el("bdi", { lang: info[0], text: one.title }),
          why: say(one.kind === "retracted" ? "recall_withdrawn" : "recall_" + one.kind), date: day(one.since) }),
        one.reason ? line("recall_reason", { reason: one.reason }) : null
      ].concat(Array.from(new Set(one.files.map((file) => file.path)), (path) => !path ? line("recall_file_unknown", {})
        : present.has(path) ? line("recall_file_replaced", { file: ltr(path), title: present.get(path) })
          : line("recall_file", { file: ltr(path) }))));
    }))]);
}

function newsBox() {
  const news = signed.news;
  if (!news) return null;
  const fresh = items.filter((item) => item.fresh);
  return section(say("news"), [line("news_since", { serial: news.serial, date: day(news.issued) }),
    fresh.length ? el("ul", {}, fresh.map((item) => el("li", {}, [say(item.fresh) + ": ",
      el("bdi", { lang: item.languages[0], text: item.title }),
      " · ", el("bdi", { text: item.languages.map((tag) => langOf(tag)[1]).join(" · ") })]))) : null,
    news.gone.length ? line("news_gone", { titles: news.gone.join(say("list_comma")) }) : null,
    !fresh.length && !news.gone.length ? el("p", { text: say("news_none") }) : null]);
}

function report(place) {
  if (!checked) return;
  const lines = [line("files_done", { count: checked.good.length + checked.altered.length, total: checked.total })];
  ["withdrawn", "altered", "unknown", "missing"].forEach((kind) => {
    if (checked[kind].length) {
      lines.push(line("files_" + kind, { files: ltr(checked[kind].slice(0, 30).join(", ")
        + (checked[kind].length > 30 ? " … " + checked[kind].length : "")) }));
      if (kind !== "missing") lines[lines.length - 1].className = "bad";
    }
  });
  if (checked.good.length === checked.total) lines.push(el("p", { class: "good", text: say("files_good") }));
  place.textContent = "";
  lines.forEach((one) => place.append(one));
}

function filesBox() {
  const told = el("div", { role: "status", id: "files" });
  async function take(event) {
    const chosen = Array.from(event.target.files);
    let count = 0;
    told.textContent = say("checking");
    checked = await checkFiles(chosen, () => {
      count += 1;
      told.textContent = say("files_done", { count: count, total: chosen.length });
    });
    report(told);
    refresh();
  }
  function picker(key, folder) {
    const input = el("input", { type: "file", multiple: "multiple", class: "unseen", id: key });
    if (folder) input.setAttribute("webkitdirectory", "");
    input.addEventListener("change", take);
    return [input, el("label", { for: key, text: say(key) })];
  }
  const folders = "webkitdirectory" in document.createElement("input");
  report(told);
  return section(say("check_files"), [el("p", { text: say("check_files_text") }),
    el("div", { class: "row" }, (folders ? picker("choose_folder", true) : []).concat(picker("choose_files"))), told]);
}

function keyBox() {
  const key = read("key").trim();
  if (!key || typeof BigInt === "undefined") return null;
  return section(say("key"), [
    el("p", { class: "key", dir: "ltr" }, fingerprint(key).split(" ").map((five) => el("span", { text: five + " " }))),
    el("p", { text: say("key_text") })]);
}

function link(path, text, tag) {
  return el("li", {}, [el("a", { href: path }, [text].concat(tag ? [" · ", el("bdi", { text: langOf(tag)[1] })] : []))]);
}

function contactBox() {
  const by = signed.publisher, website = /^https?:\/\//i.test(by.website);
  return section(say("contact"), [line("publisher", { network: by.name }),
    by.contact ? line("questions", { address: el("a", { dir: "ltr", href: "mailto:" + encodeURI(by.contact), text: by.contact }) }) : null,
    by.website ? line("website", { website: website ? el("a", { dir: "ltr", href: by.website, rel: "noopener noreferrer", text: by.website })
      : by.website }) : null]);
}

function render(focus) {
  const app = document.getElementById("app"), root = document.documentElement;
  root.lang = tongue;
  root.dir = say("direction");
  document.title = say("heading", { network: signed.publisher.name });
  const select = el("select", { id: "language" }, Object.keys(WORDS).map((tag) => {
    const option = el("option", { value: tag, lang: tag, text: WORDS[tag].name });
    option.selected = tag === tongue;
    return option;
  }));
  select.addEventListener("change", () => { tongue = select.value; render(true); });
  const total = items.reduce((sum, item) => sum + item.ms, 0);
  app.textContent = "";
  app.append(
    el("div", { class: "choice" }, [el("label", { for: "language", text: say("language") }), select]),
    line("heading", { network: signed.publisher.name }, "h1"),
    el("div", { id: "verdict", role: "status" }),
    el("p", { class: "until", text: say("valid_until", { date: day(signed.valid_until) }) + " " + say("never_after") }));
  [signed.demo ? el("p", { class: "demo", text: say("demo") }) : null,
    signed.station ? line("station", { station: signed.station }) : null,
    recallBox(), newsBox(),
    section(say("messages"), [el("p", { class: "facts", text: say("total", { duration: long(total) }) })].concat(groups())),
    signed.synthetic_voice ? el("p", { text: say("synthetic") + (signed.draft_voice ? " " + say("draft") : "") }) : null,
    filesBox(), keyBox(),
    section(say("pass_on"), notes([say(signed.embedded ? "pass_on_page" : "pass_on_folder"), say("pass_on_rule")])
      .concat([signed.shares ? line("pass_on_share", { folder: ltr(signed.shares) }) : null])),
    signed.papers.length ? section(say("papers"), [el("ul", { class: "links" }, signed.papers.map((one) =>
      link(one[1], say(one[0]), one[2])))]) : null,
    contactBox(),
    el("footer", {}, [line("pack", { pack: ltr(signed.pack), serial: signed.serial, date: day(signed.issued) }),
      line("licence", { licence: ltr(signed.licence) })])
  ].forEach((part) => { if (part) app.append(part); });
  refresh();
  if (focus) select.focus();
}

async function start() {
  const blocks = Array.from(document.querySelectorAll("script.sound"));
  items.forEach((item) => { item.block = blocks.find((one) => one.dataset.path === item.path) || null; });
  tongue = choose();
  const plain = document.getElementById("plain");
  // Checked while the plain list still stands: its text is signed too.
  const text = plain.textContent;
  plain.remove();
  document.getElementById("app").hidden = false;
  render(false);
  await pause();
  words = checkWords(text);
  if (items.some((item) => !item.block === item.inside)) words = "altered";
  const held = items.filter((item) => item.block);
  waiting = words === "altered" ? 0 : held.length;
  refresh();
  for (const item of held) {
    if (!waiting) break;
    await checkSound(item, item.block);
    waiting -= 1;
    showState(item);
    showVerdict();
  }
}
start();

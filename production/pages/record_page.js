// The page: one prompt at a time, what was recorded of it, and the way to hand everything over.

const COUNT_MS = 700;
const QUIET_MS = 1000;
// A finger is quicker than the last sound of a word.
const TAIL_MS = 300;
const LONGEST_MS = 570000;
const SHORTEST_S = 1;
const LOUD = 0.985;
// A voice of -43 dBFS, which an import calls very soft, has peaks of some 0.04.
const SOFT = 0.04;

function openPage(kit, store) {
  const byId = (id) => document.getElementById(id);
  const prompts = Array.from(document.querySelectorAll("#prompts > li"));
  const stems = prompts.map((prompt) => prompt.id);
  let words = kit.words[0];
  let here = Math.max(0, stems.findIndex((stem) => !store.takes.has(stem)));
  let state = "idle";
  let microphone = null;
  let recording = null;
  let heard = 0;
  let timer = 0;
  let address = "";
  let told = ["", {}];

  const say = (key, values) =>
    words.texts[key].replace(/\{(\w+)\}/g, (whole, name) => (values || {})[name]);

  function tell(key, values) {
    told = [key, values];
    byId("status").textContent = key ? say(key, values) : "";
  }

  // ---- what is seen

  function showWords() {
    document.documentElement.lang = words.language;
    document.documentElement.dir = words.direction;
    document.title = say("heading");
    for (const element of document.querySelectorAll("[data-say]")) {
      element.textContent = say(element.dataset.say);
    }
    for (const element of document.querySelectorAll("[data-in]")) {
      element.hidden = element.dataset.in !== words.language;
    }
    if (byId("language")) {
      const other = kit.words.find((one) => one !== words);
      byId("language").textContent = other.texts.other_language;
      byId("language").lang = other.language;
    }
    byId("player").setAttribute("aria-label", say("listen"));
    tell(...told);
    show();
  }

  function show() {
    const stem = stems[here];
    const take = store.takes.get(stem);
    prompts.forEach((prompt, place) => { prompt.hidden = place !== here; });
    if (byId("translate")) {
      byId("translate").hidden = !prompts[here].classList.contains("is-translated");
    }
    byId("place").textContent = say("place", { number: here + 1, all: stems.length });
    byId("progress-words").textContent =
      say("progress", { done: store.takes.size, all: stems.length });
    byId("progress").value = store.takes.size;
    byId("record").textContent = say(
      state === "recording" ? "stop" : state === "idle" ? (take ? "again" : "record") : "ready"
    );
    byId("record").classList.toggle("is-on", state === "recording");
    // what is to be done next stands out
    byId("record").classList.toggle("strong", !take || state !== "idle");
    byId("next").classList.toggle("strong", Boolean(take) && state === "idle");
    for (const id of ["previous", "next", "erase", "phone", "chosen", "save"]) {
      byId(id).disabled = state !== "idle";
    }
    byId("previous").disabled = byId("previous").disabled || here === 0;
    byId("next").disabled = byId("next").disabled || here === stems.length - 1;
    byId("meter").hidden = state === "idle";
    byId("taken").hidden = !take || state !== "idle";
    byId("save").disabled = byId("save").disabled || store.takes.size === 0;
    byId("nothing").hidden = store.takes.size > 0;
    byId("keeping").textContent = say(store.lasting ? "kept_here" : "not_kept");
    showTake(take);
    showList();
  }

  function showTake(take) {
    if (address) URL.revokeObjectURL(address);
    address = take ? URL.createObjectURL(new Blob([take.bytes], { type: take.type })) : "";
    if (address) byId("player").src = address;
    else byId("player").removeAttribute("src");
  }

  function showList() {
    Array.from(byId("list").children).forEach((item, place) => {
      const button = item.firstElementChild;
      const done = store.takes.has(stems[place]);
      item.querySelector(".state").textContent = say(done ? "is_done" : "is_open");
      button.classList.toggle("is-done", done);
      button.disabled = state !== "idle";
      if (place === here) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    });
  }

  function go(place) {
    if (state !== "idle" || place < 0 || place >= stems.length) return;
    here = place;
    tell("");
    show();
    prompts[here].focus();
  }

  // ---- recording

  function watch() {
    if (!microphone || state === "idle") return;
    const peak = microphone.peak();
    if (state === "recording") heard = Math.max(heard, peak);
    byId("level").value = Math.round(peak * 100);
    window.requestAnimationFrame(watch);
  }

  function later(ms, act) {
    window.clearTimeout(timer);
    timer = window.setTimeout(act, ms);
  }

  async function begin() {
    state = "counting";
    tell("ready");
    show();
    byId("player").pause();
    try {
      if (!microphone || !microphone.isLive()) microphone = await openMicrophone();
      await microphone.wake();
    } catch (error) {
      end(error.name === "NotAllowedError" ? "not_allowed" : "no_microphone");
      byId("other").open = true;
      return;
    }
    watch();
    count(3);
  }

  function count(left) {
    if (state !== "counting") return;
    if (left > 0) {
      byId("status").textContent = String(left);
      later(COUNT_MS, () => count(left - 1));
      return;
    }
    heard = 0;
    state = "recording";
    try {
      recording = microphone.record();
    } catch (error) {
      end("no_microphone");
      byId("other").open = true;
      return;
    }
    const mine = recording;
    mine.done.then(
      (made) => { if (recording === mine) keepRecorded(made); },
      () => { if (recording === mine) end("none_heard"); }
    );
    tell("quiet");
    show();
    later(QUIET_MS, () => {
      tell("speak");
      later(LONGEST_MS, finish);
    });
  }

  function finish() {
    if (state !== "recording") return;
    state = "stopping";
    show();
    later(TAIL_MS, () => recording.stop());
  }

  function cancel() {
    window.clearTimeout(timer);
    const cut = recording;
    end("none_heard");
    // A take that was cut by a call or another page could say the opposite: it is not kept.
    if (cut) cut.stop();
  }

  function end(key, values) {
    recording = null;
    state = "idle";
    tell(key, values);
    show();
  }

  function keepRecorded(made) {
    if (!made.bytes.length) {
      end("none_heard");
      return;
    }
    keep(made, heard <= SOFT ? "too_soft" : heard >= LOUD ? "too_loud"
      : made.seconds < SHORTEST_S + TAIL_MS / 1000 + 0.3 ? "too_short" : "");
  }

  async function keep(made, fault) {
    const stem = stems[here];
    const { bytes, type, ending, seconds } = made;
    let problem = fault;
    try {
      await store.put({ stem, bytes, type, ending, seconds });
    } catch (error) {
      problem = "disk_full";
    }
    byId("how").open = false;
    forget();
    end(problem || "kept", { seconds: seconds.toFixed(1) });
  }

  async function takeFile(input) {
    const file = input.files[0];
    if (!file) return;
    const ending = endingOf(file);
    if (!ending || !file.size) {
      tell("no_sound_file");
    } else {
      const bytes = await bytesOf(file);
      const seconds = await lengthOf(file);
      await keep({ bytes, type: file.type, ending, seconds }, "");
    }
    input.value = "";
  }

  // Give the seconds of a file as far as the browser knows them; some formats it cannot play.
  function lengthOf(file) {
    return new Promise((resolve) => {
      const audio = document.createElement("audio");
      const url = URL.createObjectURL(file);
      const answer = (seconds) => {
        URL.revokeObjectURL(url);
        resolve(Number.isFinite(seconds) ? seconds : 0);
      };
      audio.onloadedmetadata = () => answer(audio.duration);
      audio.onerror = () => answer(0);
      audio.preload = "metadata";
      audio.src = url;
    });
  }

  // ---- handing over

  function forget() {
    byId("made").hidden = true;
    URL.revokeObjectURL(byId("download").href);
    byId("download").removeAttribute("href");
  }

  function gathered() {
    const encoder = new TextEncoder();
    const members = [{ name: "kit.json", bytes: encoder.encode(kit.file) }];
    for (const stem of stems) {
      const take = store.takes.get(stem);
      if (take) members.push({ name: `${stem}.${take.ending}`, bytes: take.bytes });
    }
    return zipOf(members);
  }

  function save() {
    const blob = gathered();
    const name = kit.zip;
    const link = byId("download");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.textContent =
      say("download", { name, size: Math.max(0.1, blob.size / 1000000).toFixed(1) });
    byId("made").hidden = false;
    const file = typeof File === "function" ? new File([blob], name, { type: blob.type }) : null;
    const shareable = file && navigator.canShare && navigator.canShare({ files: [file] });
    byId("share").hidden = !shareable;
    byId("share").textContent = say("share", { name });
    byId("share").onclick = () => navigator.share({ files: [file] }).catch(() => {});
    link.focus();
  }

  async function clear() {
    if (!window.confirm(say("erase_all_sure"))) return;
    await store.clear();
    forget();
    tell("cleared");
    show();
  }

  // ---- what people do

  byId("record").onclick = () => {
    if (state === "idle") begin();
    else if (state === "counting") cancel();
    else finish();
  };
  byId("previous").onclick = () => go(here - 1);
  byId("next").onclick = () => go(here + 1);
  byId("erase").onclick = async () => {
    if (!window.confirm(say("erase"))) return;
    await store.remove(stems[here]);
    forget();
    tell("");
    show();
  };
  byId("phone").onchange = () => takeFile(byId("phone"));
  byId("chosen").onchange = () => takeFile(byId("chosen"));
  byId("save").onclick = save;
  byId("clear").onclick = clear;
  if (byId("language")) {
    byId("language").onclick = () => {
      words = kit.words.find((one) => one !== words);
      forget();
      showWords();
    };
  }
  Array.from(byId("list").children).forEach((item, place) => {
    item.firstElementChild.onclick = () => go(place);
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return;
    if (state !== "idle") cancel();
    if (microphone) microphone.close();
    microphone = null;
  });
  window.addEventListener("beforeunload", (event) => {
    if (state === "idle" && (store.lasting || !store.takes.size)) return;
    event.preventDefault();
    event.returnValue = "";
  });

  byId("controls").hidden = false;
  byId("overview").hidden = false;
  byId("handing-over").hidden = false;
  byId("how").open = store.takes.size === 0;
  if (!canRecord()) {
    byId("record").hidden = true;
    byId("other").open = true;
    tell("no_microphone");
  }
  showWords();
}

const kit = JSON.parse(document.getElementById("kit").textContent);
if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
openStore(kit.id).then((store) => openPage(kit, store));

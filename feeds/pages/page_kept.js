// Keeps episodes on the device when somebody asks for it, and takes away what no longer holds.
// What is kept is told by one entry of the cache, a list as JSON: nothing leaves the device.
const SITE = new URL(document.documentElement.dataset.root || "./", location.href).href;
const CACHE = "altavoz " + SITE;
const LIST = SITE + "kept.json";
const CAN = isSecureContext && "serviceWorker" in navigator && "caches" in window
  && /^https?:$/.test(location.protocol);

async function keptList() {
  const found = await (await caches.open(CACHE)).match(LIST);
  return found ? found.json() : {};
}

async function writeKept(list) {
  const cache = await caches.open(CACHE);
  await cache.put(LIST, new Response(JSON.stringify(list), { headers: { "Content-Type": "application/json" } }));
}

async function fetchInto(cache, address) {
  const answer = await fetch(address, { cache: "no-cache" });
  if (answer.status !== 200) throw new Error(String(answer.status));
  await cache.put(address, answer);
}

async function keep(root) {
  const sound = document.getElementById("sound");
  const fits = Array.from(sound.querySelectorAll("source")).filter((one) => sound.canPlayType(one.type));
  const file = fits[0].src;
  await navigator.serviceWorker.register(SITE + "sw.js", { scope: SITE });
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  const cache = await caches.open(CACHE);
  const page = SITE + root.dataset.key;
  const around = Array.from(document.querySelectorAll(".way a"), (link) => link.href);
  const parts = [document.querySelector("link[rel=stylesheet]").href, document.querySelector("script[src]").src];
  for (const address of [...parts, file, page, ...around]) await fetchInto(cache, address);
  const list = await keptList();
  const heading = document.querySelector("h1");
  list[root.dataset.key] = {
    title: heading.textContent, lang: root.lang, dir: root.dir, sound: file,
    version: root.dataset.version, list: root.dataset.list, until: root.dataset.until,
  };
  await writeKept(list);
}

async function letGo(key, list) {
  const cache = await caches.open(CACHE);
  const one = list[key];
  if (one.sound && !Object.keys(list).some((other) => other !== key && list[other].sound === one.sound)) {
    await cache.delete(one.sound);
  }
  await cache.delete(SITE + key);
  delete list[key];
  await writeKept(list);
}

async function forgetAll() {
  await caches.delete(CACHE);
  for (const name of Object.keys(localStorage)) if (name.startsWith("altavoz place ")) put(name, "");
  const worker = await navigator.serviceWorker.getRegistration(SITE);
  if (worker) await worker.unregister();
}

// Asks what still holds, one small list for each series that something is kept of.
async function refresh() {
  const list = await keptList();
  const cache = await caches.open(CACHE);
  const asked = {};
  for (const key of Object.keys(list)) {
    const one = list[key];
    if (!(one.list in asked)) {
      try {
        const answer = await fetch(SITE + one.list, { cache: "no-cache" });
        asked[one.list] = answer.status === 200 ? await answer.json()
          : answer.status === 404 || answer.status === 403 ? { episodes: {} } : null;
      } catch (offline) { asked[one.list] = null; }
    }
    if (!asked[one.list]) continue;
    const state = asked[one.list].episodes[key.slice(key.lastIndexOf("/") + 1, -5)];
    if (state && state[0] === one.version && state[2] === "live") {
      one.until = state[1];
      continue;
    }
    // Sound that no longer holds goes at once; the page stays, as it is now.
    if (one.sound) await cache.delete(one.sound);
    one.sound = "";
    one.stale = true;
    await fetchInto(cache, SITE + key).catch(() => {});
  }
  await writeKept(list);
  return list;
}

async function keeping(root) {
  if (!CAN) return;
  const known = await caches.has(CACHE);
  let list = known ? await keptList() : {};
  if (known) list = await refresh();
  showKeptList(list);
  const box = document.getElementById("keeping");
  if (!box || !document.getElementById("sound")) return;
  const key = root.dataset.key;
  const button = (id) => document.getElementById(id);
  const say = (id) => {
    button("kept-status").textContent = id ? button(id).textContent : "";
  };
  const show = () => {
    const one = list[key];
    const stale = Boolean(one) && one.stale;
    const gone = "withdrawn" in root.dataset;
    button("keep").hidden = Boolean(one) || gone;
    button("update").hidden = !stale || gone;
    button("remove").hidden = !one;
    say(stale ? "say-outdated" : one ? "say-kept" : "");
  };
  const fetchIt = async (event) => {
    event.target.disabled = true;
    say("say-keeping");
    try {
      await keep(root);
      list = await keptList();
      show();
    } catch (failed) { say("say-failed"); }
    event.target.disabled = false;
  };
  button("keep").onclick = fetchIt;
  button("update").onclick = fetchIt;
  button("remove").onclick = async () => { await letGo(key, list); show(); };
  box.hidden = false;
  show();
}

function showKeptList(list) {
  const box = document.getElementById("kept-list");
  const keys = Object.keys(list);
  if (!box || !keys.length) return;
  const lines = box.querySelector("ul");
  for (const key of keys) {
    const line = document.createElement("li");
    const link = document.createElement("a");
    line.className = list[key].stale || list[key].until < today() ? "line gone" : "line";
    link.href = SITE + key;
    link.lang = list[key].lang;
    link.dir = list[key].dir;
    link.textContent = list[key].title;
    line.append(link);
    lines.append(line);
  }
  document.getElementById("forget").onclick = async () => {
    await forgetAll();
    box.hidden = true;
  };
  box.hidden = false;
}

// Serves what somebody kept on this device when the network does not; keeps nothing by itself.
"use strict";
const SITE = self.registration.scope;
const CACHE = "altavoz " + SITE;
const PATIENCE_MS = 5000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET" || !request.url.startsWith(SITE)) return;
  const address = request.url.split("#")[0];
  if (address.startsWith(SITE + "m/")) event.respondWith(immutable(request, address));
  else if (request.mode === "navigate") event.respondWith(page(request, address));
});

// A page from the network, so that a correction is seen; the kept one where that fails.
async function page(request, address) {
  const cache = await caches.open(CACHE);
  const name = address.endsWith("/") ? address + "index.html" : address.split("?")[0];
  const kept = await cache.match(name);
  try {
    const answer = await inTime(fetch(request), kept ? PATIENCE_MS : 0);
    if (kept && answer.status === 200) await cache.put(name, answer.clone());
    return answer;
  } catch (offline) {
    return kept || (await cache.match(SITE + "index.html")) || Response.error();
  }
}

function inTime(promise, patience) {
  if (!patience) return promise;
  return Promise.race([promise, new Promise((_, refuse) => setTimeout(refuse, patience, new Error("slow")))]);
}

// Sound, style and script: their names hold their digest, so that what is kept is right.
async function immutable(request, address) {
  const kept = await (await caches.open(CACHE)).match(address);
  if (!kept) return fetch(request);
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("Range") || "");
  return range ? part(kept, range[1], range[2]) : kept;
}

// Players ask for parts, and some play nothing that is not answered in parts (RFC 9110, 14).
async function part(kept, first, last) {
  const whole = await kept.blob();
  const size = whole.size;
  const start = first ? Number(first) : Math.max(0, size - Number(last));
  const end = first && last ? Math.min(Number(last), size - 1) : size - 1;
  if (start > end) return new Response("", { status: 416, headers: { "Content-Range": "bytes */" + size } });
  return new Response(whole.slice(start, end + 1), {
    status: 206,
    headers: {
      "Accept-Ranges": "bytes",
      "Content-Length": String(end - start + 1),
      "Content-Range": "bytes " + start + "-" + end + "/" + size,
      "Content-Type": kept.headers.get("Content-Type") || "application/octet-stream",
    },
  });
}

// Follows along in the transcript, seeks on a tap, remembers the place.
function player(root) {
  const sound = document.getElementById("sound");
  if (!sound) return;
  const PLACE = "altavoz place " + root.dataset.key;
  const spans = Array.from(document.querySelectorAll("#words span[id^=t]"));
  const starts = spans.map((span) => Number(span.id.slice(1)) / 1000);
  const chapters = Array.from(document.querySelectorAll(".chapters a"));
  const chapterStarts = chapters.map((link) => Number(link.hash.slice(3)));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  document.documentElement.classList.add("seeks");

  function last(list, time) {
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] <= time + 0.05) low = middle + 1; else high = middle;
    }
    return low - 1;
  }

  function inView(element) {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  }

  function mark(all, index, follow) {
    const before = all.find((one) => one.hasAttribute("aria-current"));
    const now = all[index];
    if (before === now) return;
    const scroll = follow && now && (!before || inView(before)) && !sound.paused;
    if (before) before.removeAttribute("aria-current");
    if (!now) return;
    now.setAttribute("aria-current", "true");
    // Whoever has scrolled away to read elsewhere is left there.
    if (scroll && before) now.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
  }

  function seek(seconds, play) {
    const go = () => { sound.currentTime = Math.max(0, seconds); };
    if (sound.readyState > 0) go();
    else {
      sound.addEventListener("loadedmetadata", go, { once: true });
      sound.load();
    }
    if (play) sound.play().catch(() => {});
  }

  let kept = 0;
  sound.addEventListener("timeupdate", () => {
    const time = sound.currentTime;
    mark(spans, last(starts, time), true);
    mark(chapters, last(chapterStarts, time), false);
    if (Math.abs(time - kept) >= 3) {
      kept = time;
      put(PLACE, String(Math.floor(time)));
    }
  });
  sound.addEventListener("ended", () => put(PLACE, ""));

  document.getElementById("back").onclick = () => seek(sound.currentTime - 15, false);
  document.getElementById("forward").onclick = () => seek(sound.currentTime + 15, false);
  const speeds = [1, 1.25, 1.5, 0.75];
  const speed = document.getElementById("speed");
  speed.onclick = () => {
    const next = speeds[(speeds.indexOf(sound.playbackRate) + 1) % speeds.length];
    sound.defaultPlaybackRate = sound.playbackRate = next;
    speed.querySelector("bdi").textContent = next + "×";
  };
  const resume = document.getElementById("resume");
  const place = Number(get(PLACE));
  if (place > 5) {
    const seconds = place % 60;
    resume.querySelector("bdi").textContent =
      Math.floor(place / 60) + ":" + (seconds < 10 ? "0" : "") + seconds;
    resume.hidden = false;
    resume.onclick = () => { resume.hidden = true; seek(place, true); };
  }
  sound.addEventListener("play", () => { resume.hidden = true; });
  document.querySelector(".buttons").hidden = false;

  chapters.forEach((link, index) => link.addEventListener("click", (event) => {
    event.preventDefault();
    seek(chapterStarts[index], true);
  }));
  const words = document.getElementById("words");
  if (words) words.addEventListener("click", (event) => {
    const span = event.target.closest("span[id^=t]");
    if (span && String(getSelection()) === "") seek(Number(span.id.slice(1)) / 1000, true);
  });
  if (/^#t\d+$/.test(location.hash)) seek(Number(location.hash.slice(2)) / 1000, false);
}

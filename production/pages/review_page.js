// The page on which takes are heard and decided. What was decided is kept in localStorage where the
// browser gives one, so that a closed page loses nothing; it leaves the page as decisions.json.

function openReview(review) {
  const byId = (id) => document.getElementById(id);
  const takes = review.takes;
  const articles = Array.from(document.querySelectorAll("article.take"));
  let words = review.words[0];
  let address = "";

  const say = (key, values) =>
    words.texts[key].replace(/\{(\w+)\}/g, (whole, name) => (values || {})[name]);

  // ---- what was decided: by place, {decision, why, more}

  const kept = {
    read() {
      try {
        return JSON.parse(window.localStorage.getItem(review.id)) || {};
      } catch (error) {
        return {};
      }
    },
    write(value) {
      try {
        window.localStorage.setItem(review.id, JSON.stringify(value));
      } catch (error) {
        // Without storage the decisions stand until the page is closed.
      }
    },
  };
  const decided = kept.read();

  function reasonOf(place) {
    const { why, more } = decided[place];
    const reasons = words.reasons;
    // The last reason is another one: it is said in words.
    const chosen = why < reasons.length - 1 ? reasons[why] || "" : "";
    return [chosen, (more || "").trim()].filter(Boolean).join(": ").replace(/\s+/g, " ");
  }

  const isWhole = (place) =>
    Boolean(decided[place]) &&
    (decided[place].decision === "accepted" || reasonOf(place) !== "");

  // ---- what is seen

  function showWords() {
    document.documentElement.lang = words.language;
    document.documentElement.dir = words.direction;
    document.title = say("heading");
    for (const element of document.querySelectorAll("[data-say]")) {
      const named = element.dataset.language;
      element.textContent = named
        ? say(element.dataset.say, { language: words.names[named], source: words.source })
        : say(element.dataset.say);
    }
    for (const element of document.querySelectorAll("[data-figures]")) {
      element.textContent = say("figures", JSON.parse(element.dataset.figures));
    }
    for (const element of document.querySelectorAll("audio")) {
      element.setAttribute("aria-label", say("listen", { number: element.dataset.number }));
    }
    if (byId("language")) {
      const other = review.words.find((one) => one !== words);
      byId("language").textContent = other.texts.other_language;
      byId("language").lang = other.language;
    }
    articles.forEach((article, place) => {
      const select = article.querySelector(".reason");
      select.textContent = "";
      select.add(new Option("–", "-1"));
      words.reasons.forEach((reason, value) => select.add(new Option(reason, String(value))));
      select.value = String(decided[place] ? decided[place].why : -1);
    });
    show();
  }

  function show() {
    articles.forEach((article, place) => {
      const decision = decided[place] ? decided[place].decision : "";
      const state = article.querySelector(".state");
      state.textContent = say(decision || "open");
      article.querySelector(".accept").setAttribute("aria-pressed", decision === "accepted");
      article.querySelector(".reject").setAttribute("aria-pressed", decision === "rejected");
      article.querySelector(".why").hidden = decision !== "rejected";
    });
    const done = takes.filter((take, place) => isWhole(place)).length;
    byId("progress-words").textContent = say("progress", { done, all: takes.length });
    byId("progress").value = done;
    showFile(done);
  }

  function showFile(done) {
    const open = takes.some((take, place) => decided[place] && !isWhole(place));
    byId("status").textContent = open ? say("need_reason") : done ? "" : say("nothing_yet");
    const link = byId("download");
    link.hidden = done === 0 || open;
    if (address) URL.revokeObjectURL(address);
    address = "";
    if (link.hidden) return;
    const rows = [];
    takes.forEach((take, place) => {
      if (!isWhole(place)) return;
      const { decision } = decided[place];
      const reason = decision === "rejected" ? reasonOf(place) : "";
      rows.push(Object.assign({}, take, { decision, reason }));
    });
    const plain = { altavoz_decisions: 1, network: review.network, decisions: rows };
    address = URL.createObjectURL(
      new Blob([JSON.stringify(plain, null, 1), "\n"], { type: "application/json" })
    );
    link.href = address;
    link.download = review.file;
    link.textContent = say("save", { name: review.file });
  }

  // ---- what people do

  function decide(place, change) {
    decided[place] = Object.assign({ why: -1, more: "" }, decided[place], change);
    kept.write(decided);
    show();
  }

  articles.forEach((article, place) => {
    article.querySelector(".row").hidden = false;
    article.querySelector(".accept").onclick = () => decide(place, { decision: "accepted" });
    article.querySelector(".reject").onclick = () => {
      decide(place, { decision: "rejected" });
      article.querySelector(".reason").focus();
    };
    article.querySelector(".reason").onchange = (event) =>
      decide(place, { why: Number(event.target.value) });
    const more = article.querySelector(".more");
    more.value = decided[place] ? decided[place].more : "";
    more.oninput = () => decide(place, { more: more.value });
  });
  if (byId("language")) {
    byId("language").onclick = () => {
      words = review.words.find((one) => one !== words);
      showWords();
    };
  }
  byId("handing-over").hidden = false;
  showWords();
}

openReview(JSON.parse(document.getElementById("review").textContent));

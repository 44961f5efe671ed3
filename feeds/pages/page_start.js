// What holds by the listener's own clock; copying an address.
function today() {
  const now = new Date();
  const two = (number) => (number < 10 ? "0" : "") + number;
  return now.getFullYear() + "-" + two(now.getMonth() + 1) + "-" + two(now.getDate());
}

function get(name) {
  try { return localStorage.getItem(name); } catch (refused) { return null; }
}

function put(name, value) {
  try {
    if (value) localStorage.setItem(name, value); else localStorage.removeItem(name);
  } catch (refused) { /* a browser that keeps nothing still plays */ }
}

function dates(root) {
  const day = today();
  const past = document.getElementById("past");
  if (past && root.dataset.until < day) past.hidden = false;
  for (const line of document.querySelectorAll(".line[data-until]")) {
    const late = line.querySelector(".late");
    if (late && line.dataset.until < day) late.hidden = false;
  }
}

function copying() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.onclick = () => navigator.clipboard.writeText(button.dataset.copy).then(() => {
      button.nextElementSibling.hidden = false;
    }, () => {});
  }
}

function printing() {
  // Older browsers print closed details closed.
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details:not([open])")) {
      one.open = true;
      addEventListener("afterprint", () => { one.open = false; }, { once: true });
    }
  });
}

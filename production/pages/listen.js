var sound = document.getElementById("sound");
var picture = document.getElementById("picture");
var drawing = picture.querySelector("svg");
var told = picture.dataset;
var rows = Number(told.rows), duration = Number(told.duration);
var left = Number(told.left), right = Number(told.right);
var head = Number(told.head), row = Number(told.row);
var box = drawing.viewBox.baseVal;
var now = document.createElement("div");
now.className = "now";
picture.appendChild(now);

function jump(ms) {
  sound.currentTime = ms / 1000;
  var playing = sound.play();
  if (playing) { playing.catch(function () { show(); }); }
}

function show() {
  var ms = Math.min(sound.currentTime * 1000, duration - 1);
  var per = duration / rows;
  var number = Math.min(rows - 1, Math.floor(ms / per));
  var x = left + (ms - number * per) / per * (box.width - left - right);
  now.style.left = 100 * x / box.width + "%";
  now.style.top = 100 * (head + number * row) / box.height + "%";
  now.style.height = 100 * (row - 20) / box.height + "%";
  var lines = document.querySelectorAll("[data-from]");
  for (var i = 0; i < lines.length; i += 1) {
    var heard = ms >= Number(lines[i].dataset.from) && ms < Number(lines[i].dataset.until);
    lines[i].className = heard ? "heard" : "";
  }
}

drawing.addEventListener("click", function (event) {
  var around = drawing.getBoundingClientRect();
  var x = (event.clientX - around.left) / around.width * box.width;
  var y = (event.clientY - around.top) / around.height * box.height;
  var number = Math.floor((y - head) / row);
  if (number < 0 || number >= rows) { return; }
  var share = Math.min(1, Math.max(0, (x - left) / (box.width - left - right)));
  jump((number + share) * duration / rows);
});

document.addEventListener("click", function (event) {
  var at = event.target.getAttribute && event.target.getAttribute("data-at");
  if (at !== null && at !== undefined) { jump(Number(at)); }
});

sound.addEventListener("timeupdate", show);
sound.addEventListener("seeked", show);
show();

// The microphone and its recorder. Nothing but the sound is asked for, and nothing is sent.

// What a browser records, best first, with the ending of its files.
const RECORDED_AS = [
  ["audio/webm;codecs=opus", "webm"],
  ["audio/ogg;codecs=opus", "ogg"],
  ["audio/mp4", "m4a"],
  ["audio/webm", "webm"],
];
const ENDINGS = ["wav", "flac", "mp3", "ogg", "opus", "m4a", "mp4", "aac", "amr", "3gp", "webm"];
const ENDING_OF_TYPE = {
  "audio/wav": "wav", "audio/x-wav": "wav", "audio/mpeg": "mp3", "audio/ogg": "ogg",
  "audio/mp4": "m4a", "audio/x-m4a": "m4a", "audio/aac": "aac", "audio/amr": "amr",
  "audio/3gpp": "3gp", "video/3gpp": "3gp", "audio/webm": "webm", "audio/flac": "flac",
};
const BITS_PER_SECOND = 96000;

function canRecord() {
  return Boolean(
    navigator.mediaDevices && navigator.mediaDevices.getUserMedia && window.MediaRecorder
  );
}

function wayToRecord() {
  // Browsers of 2018 have no isTypeSupported, or know it too late: the first that works is taken.
  const known = (type) => !MediaRecorder.isTypeSupported || MediaRecorder.isTypeSupported(type);
  return RECORDED_AS.find(([type]) => known(type)) || ["", "webm"];
}

// What a file that somebody chose is; empty for what is no recording.
function endingOf(file) {
  const named = (file.name.match(/\.([A-Za-z0-9]{2,4})$/) || ["", ""])[1].toLowerCase();
  if (ENDINGS.includes(named)) return named === "mp4" ? "m4a" : named;
  return ENDING_OF_TYPE[file.type.split(";")[0]] || "";
}

function bytesOf(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(new Uint8Array(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(blob);
  });
}

// Open the microphone; it stays open until close(), since file: pages are asked each time anew.
async function openMicrophone() {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: false,
    // What telephones do to voices for calls (gates, pumps) cannot be undone afterwards.
    audio: {
      echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1,
    },
  });
  const context = new (window.AudioContext || window.webkitAudioContext)();
  const analyser = context.createAnalyser();
  analyser.fftSize = 2048;
  const source = context.createMediaStreamSource(stream);
  source.connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  return {
    // The highest of the last 2048 samples, 0 to 1.
    peak() {
      analyser.getByteTimeDomainData(samples);
      let most = 0;
      for (const sample of samples) most = Math.max(most, Math.abs(sample - 128));
      return most / 128;
    },
    wake: () => (context.state === "suspended" ? context.resume() : Promise.resolve()),
    isLive: () => stream.getAudioTracks().some((track) => track.readyState === "live"),
    record: () => startRecorder(stream),
    close() {
      stream.getTracks().forEach((track) => track.stop());
      context.close();
    },
  };
}

function startRecorder(stream) {
  const [type, ending] = wayToRecord();
  const options = type ? { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND } : {};
  const recorder = new MediaRecorder(stream, options);
  const parts = [];
  const began = performance.now();
  recorder.ondataavailable = (event) => {
    if (event.data && event.data.size) parts.push(event.data);
  };
  const done = new Promise((resolve, reject) => {
    recorder.onstop = () => {
      const seconds = (performance.now() - began) / 1000;
      const blob = new Blob(parts, { type: type || "audio/webm" });
      bytesOf(blob).then((bytes) => resolve({ bytes, type: blob.type, ending, seconds }), reject);
    };
    recorder.onerror = (event) => reject(event.error || new Error("recorder"));
  });
  recorder.start();
  return {
    done,
    stop() {
      if (recorder.state !== "inactive") recorder.stop();
    },
  };
}

// Solves the robot proof: finds the one counter whose PBKDF2 key starts with the puzzle's prefix. Runs as a worker, so that the page stays quick.
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const toHex = (list) => Array.from(list, (byte) => byte.toString(16).padStart(2, "0")).join("");
const MOST = 100000;

export async function solve(puzzle) {
  const { parameters } = JSON.parse(puzzle);
  const nonce = bytes(parameters.nonce);
  const salt = bytes(parameters.salt);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  const view = new DataView(password.buffer);
  for (let counter = 0; counter <= MOST; counter += 1) {
    view.setUint32(nonce.length, counter, false);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const work = { name: "PBKDF2", hash: "SHA-256", salt, iterations: parameters.cost };
    const bits = await crypto.subtle.deriveBits(work, key, parameters.keyLength * 8);
    const derivedKey = toHex(new Uint8Array(bits));
    if (derivedKey.startsWith(parameters.keyPrefix)) return JSON.stringify({ counter, derivedKey });
  }
  return null;
}

if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  self.onmessage = async (event) => {
    try {
      self.postMessage(await solve(event.data));
    } catch {
      self.postMessage(null);
    }
  };
}

// "I am not a robot": ticking the box fetches a puzzle and solves it. Where the browser cannot (no secure context), the question in words stays.
const part = document.querySelector("[data-robot]");
if (part && globalThis.crypto?.subtle && globalThis.Worker) {
  const label = part.querySelector(".robot");
  const box = label.querySelector("input");
  const note = part.querySelector("[data-robot-note]");
  const tick = part.querySelector("[data-robot-tick]");
  const form = part.closest("form");
  const fields = form.elements;
  let working = null;

  label.hidden = false;
  const details = part.querySelector("details");
  if (details) {
    // Without this script the question is the only way: there is nothing to open or close.
    details.querySelector("summary").hidden = false;
    details.open = details.querySelector("[aria-invalid]") !== null;
  }
  part.querySelector("[data-robot-away]")?.setAttribute("hidden", "");

  const say = (state, sentence = note.dataset[state]) => {
    note.textContent = sentence;
    tick.hidden = state !== "done";
  };

  // Why there is no puzzle: nobody answers (try again in a moment), or who answers says why in the reader's language.
  class NoPuzzle extends Error {}
  const fetchPuzzle = async () => {
    const request = { headers: { Accept: "application/json" }, credentials: "same-origin" };
    const answer = await fetch(part.dataset.src, request).catch(() => null);
    if (answer?.ok) return answer.json();
    const said = answer && answer.status < 500 ? await answer.json().catch(() => null) : null;
    throw new NoPuzzle(said?.message ?? note.dataset.away);
  };

  const run = (puzzle) =>
    new Promise((resolve) => {
      const worker = new Worker(part.dataset.solver, { type: "module" });
      const end = (solution) => {
        worker.terminate();
        resolve(solution);
      };
      worker.onmessage = (event) => end(event.data);
      worker.onerror = () => end(null);
      worker.postMessage(puzzle);
    });

  const prove = async () => {
    say("working");
    const challenge = await fetchPuzzle();
    const solution = await run(challenge.puzzle);
    if (!solution) throw new Error("not solved");
    fields.robot_challenge.value = challenge.id;
    fields.robot_solution.value = solution;
    say("done");
  };

  box.addEventListener("change", () => {
    if (!box.checked) {
      fields.robot_challenge.value = "";
      fields.robot_solution.value = "";
      say("idle");
      return;
    }
    working = prove()
      .catch((error) => {
        box.checked = false;
        if (error instanceof NoPuzzle) say("away", error.message);
        else say("failed");
      })
      .finally(() => {
        working = null;
      });
  });

  // Sending while the device still works waits for it.
  form.addEventListener("submit", (event) => {
    // Switching the language asks for no proof: the page comes back with a box of its own.
    if (!working || event.submitter?.name === "switch") return;
    event.preventDefault();
    working.finally(() => form.requestSubmit());
  });

  // A page that comes back from the history has a spent proof.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    box.checked = false;
    box.dispatchEvent(new Event("change"));
  });
}

// Sends a paper as soon as it is chosen, with a bar and a percent. Without this script the same form sends it with its button.
const send = (card, form, file) => {
  const progress = card.querySelector("[data-progress]");
  const bar = progress.querySelector("progress");
  const percent = progress.querySelector("[data-percent]");
  const state = progress.querySelector("[data-state]");
  const problem = card.querySelector("[data-problem]");
  const request = new XMLHttpRequest();

  const fail = (sentence, way) => {
    progress.hidden = true;
    form.hidden = false;
    form.reset();
    card.classList.add("upload--refused");
    const text = problem.querySelector("span");
    text.textContent = sentence;
    if (way?.href?.startsWith("/")) {
      const link = document.createElement("a");
      link.href = way.href;
      link.textContent = way.label;
      text.append(" ", link);
    }
    problem.hidden = false;
    form.elements.file.focus();
  };

  if (file.size === 0) return fail(card.dataset.empty);
  if (file.size > Number(card.dataset.max)) return fail(card.dataset.tooLarge);

  const data = new FormData();
  for (const name of ["form_token", "paper", "was"]) data.append(name, form.elements[name].value);
  data.append("file", file, file.name);

  problem.hidden = true;
  card.classList.remove("upload--refused");
  form.hidden = true;
  progress.hidden = false;
  progress.querySelector("[data-name]").textContent = file.name;
  state.textContent = card.dataset.sending;
  bar.value = 0;
  percent.textContent = "0\u00A0%";

  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const done = Math.min(100, Math.floor((event.loaded / event.total) * 100));
    bar.value = done;
    percent.textContent = `${done}\u00A0%`;
    if (done === 100) state.textContent = card.dataset.checking;
  });
  request.addEventListener("load", () => {
    if (request.status === 200) {
      // The page itself shows the tick: it is what was saved.
      window.location.reload();
      return;
    }
    let said = null;
    try {
      said = JSON.parse(request.responseText);
    } catch {
      // Not our answer (a proxy's page): the sentence for a broken line stands.
    }
    fail(said?.message ?? card.dataset.lost, said);
  });
  request.addEventListener("error", () => fail(card.dataset.lost));
  request.addEventListener("abort", () => {
    progress.hidden = true;
    form.hidden = false;
    form.reset();
  });
  progress.querySelector("[data-stop]").onclick = () => request.abort();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.send(data);
};

for (const card of document.querySelectorAll("[data-upload]")) {
  const form = card.querySelector("form[enctype]");
  const field = form.elements.file;
  form.querySelector("[data-send]").hidden = true;
  // The browser's own field speaks the browser's language, not the page's: the label becomes the button.
  form.classList.add("upload__pick");
  field.addEventListener("change", () => {
    if (field.files.length === 1) send(card, form, field.files[0]);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.files.length === 1) send(card, form, field.files[0]);
  });
}

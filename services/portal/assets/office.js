// The keyboard of the office: J and K go to the next and the previous row of a queue, or file of a list. Links do the same without this script.
const writing = (element) => element.matches("input, textarea, select, [contenteditable]");
const rows = [...document.querySelectorAll("[data-row]")];

const step = (by) => {
  const at = rows.indexOf(document.activeElement);
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.closest("tr").scrollIntoView({ block: "nearest" });
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
  const by = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!by) return;
  if (rows.length > 0) {
    event.preventDefault();
    step(by);
    return;
  }
  // What was typed is not left by a slip of the finger.
  if (forms().some(begun)) return;
  document.querySelector(by > 0 ? "[data-next]" : "[data-previous]")?.click();
});
document.querySelector("[data-keys]")?.removeAttribute("hidden");

// Choosing a reason of refusal offers its sentences; what the agent wrote in own words stays.
for (const reason of document.querySelectorAll("[data-sentences]")) {
  const offered = { ar: "", fr: "" };
  const offer = () => {
    const { dataset } = reason.selectedOptions[0];
    for (const language of ["ar", "fr"]) {
      const field = reason.form.elements[`sentence_${language}`];
      if (!field || (field.value !== "" && field.value !== offered[language])) continue;
      offered[language] = dataset[language] ?? "";
      field.value = offered[language];
    }
  };
  reason.addEventListener("change", offer);
  offer();
}

// Switching the language takes the form along that was begun; it is shown again in the other language, and nothing is saved. Passwords stay behind.
const begun = (form) =>
  form.getAttribute("method") === "post" &&
  !form.querySelector('[type="password"]') &&
  [...form.elements].some((field) => {
    if (field.type === "hidden") return false;
    if (field.options) return [...field.options].some((option, at) => option.selected !== (option.defaultSelected || (at === 0 && !field.querySelector("[selected]"))));
    return field.checked !== field.defaultChecked || (field.defaultValue !== undefined && field.type !== "radio" && field.type !== "checkbox" && field.value !== field.defaultValue);
  });
// A file's page has several forms: sending one (a note, the reason to open a paper) takes along what stands in the others, and the page that follows
// shows it again. "typed_" before a name says that it is another form's.
const forms = () => [...document.querySelectorAll("main form")];
const holds = (form) => begun(form) || (document.querySelector("main[data-typed]") && form.querySelector("textarea, [type=text], [type=radio], [type=checkbox], select"));
document.querySelector("main[data-file]")?.addEventListener("submit", (event) => {
  for (const other of forms().filter((form) => form !== event.target && form.getAttribute("method") === "post" && holds(form))) {
    for (const [name, value] of new FormData(other)) {
      const carried = `typed_${name}`;
      if (name === "form_token" || name === "key" || name === "version" || value === "" || event.target.elements[carried]) continue;
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: carried, value });
      event.target.append(field);
    }
  }
});
document.querySelector("a.lang")?.addEventListener("click", (event) => {
  const form = [...document.querySelectorAll("main form")].find(begun);
  if (!form) return;
  event.preventDefault();
  const mark = document.createElement("input");
  Object.assign(mark, { type: "hidden", name: "switch", value: "language" });
  form.append(mark);
  // A form of the office has a field of the name "action", which hides the property.
  form.setAttribute("action", event.currentTarget.href);
  HTMLFormElement.prototype.submit.call(form);
});

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

// Checks at the field what the server checks again: formats when a field is left, what the position asks for, and a button that shows a password.
const latinDigits = (text) => text.replace(/[٠-٩]/g, (d) => d.charCodeAt(0) - 0x660).replace(/[۰-۹]/g, (d) => d.charCodeAt(0) - 0x6f0);
const squeezed = (text) => latinDigits(text).replace(/[\s\u200e\u200f]/g, "");
const checks = {
  matricule: (text) => /^\d{1,8}$/.test(squeezed(text)),
  cin: (text) => /^[A-Z]{1,2}\d{1,6}$/.test(squeezed(text).replace(/[.-]/g, "").toUpperCase()),
  email: (text) => /^[^\s@,;<>]+@[^\s@]+\.[^\s@.]+$/.test(text.trim()),
  pension: (text) => /^[A-Z0-9]{1,12}$/.test(squeezed(text).toUpperCase()),
};

// A press on a button makes the field lose the focus first. A sentence that appears then would move the button away from under the finger and
// the click would be lost: it waits until the press is over.
let pressed = false;
addEventListener("pointerdown", () => (pressed = true), true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (pressed = false), true);
const settled = (show) => (pressed ? addEventListener("pointerup", () => setTimeout(show), { once: true }) : show());

const warn = (field, sentence) => {
  const box = field.closest(".field");
  const id = `${field.id}-problem`;
  let problem = document.getElementById(id);
  box.classList.toggle("field--wrong", sentence !== "");
  if (!sentence) {
    problem?.remove();
    field.removeAttribute("aria-invalid");
    return;
  }
  if (!problem) {
    problem = document.createElement("p");
    problem.className = "problem";
    problem.id = id;
    problem.setAttribute("role", "alert");
    field.before(problem);
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
  }
  problem.textContent = sentence;
  field.setAttribute("aria-invalid", "true");
};

for (const form of document.querySelectorAll("[data-form]")) {
  const position = form.querySelector("#position");
  const check = (field) => {
    if (field.value === "") return warn(field, "");
    if (!checks[field.dataset.check](field.value)) return warn(field, field.dataset.problem);
    const domains = form.dataset.domains?.split(" ");
    const professional = field.dataset.check === "email" && position?.value === "active" && domains;
    const domain = `.${field.value.trim().toLowerCase().split("@")[1]}`;
    warn(field, professional && !domains.some((own) => domain.endsWith(`.${own}`)) ? form.dataset.domainProblem : "");
  };
  for (const field of form.querySelectorAll("[data-check]")) {
    field.addEventListener("change", () => settled(() => check(field)));
  }
  const follow = () => {
    for (const box of form.querySelectorAll("[data-only-for]")) box.hidden = position.value !== box.dataset.onlyFor;
  };
  if (position) {
    position.addEventListener("change", () => {
      follow();
      for (const field of form.querySelectorAll("[data-check=email]")) if (field.value !== "") check(field);
    });
    follow();
  }
}

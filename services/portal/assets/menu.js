// The account menu closes on Escape and on a click elsewhere; the error summary takes the focus. Without this script both still work by hand.
const menu = document.querySelector("[data-menu]");
if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
document.querySelector("[data-focus]")?.focus();

// A line of the summary leads to its field and puts the cursor there.
document.addEventListener("click", (event) => {
  const link = event.target.closest('#problems a[href^="#"]');
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  field.focus();
});

// A form that must be sent once ignores a second press while the first is on its way; the server would take it for the same file anyway.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-once]")) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once]")) delete form.dataset.sent;
});

// A page that answers a form has an address of its own, which shows it again: Back and reload find it there, and no form is sent twice.
const { again } = document.body.dataset;
if (again) history.replaceState(history.state, "", again);

// A page of answers that the browser took out of its memory may be older than the answers: it is asked for anew.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector('input[name="was"]')) location.reload();
});

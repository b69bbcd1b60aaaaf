// The journey of the two guides in a real browser: open an account, sign in, accept the terms, apply for the health aid, find it in the history.
//
// node guides.mjs '{"base": "...", "mail": "...", "locale": "fr", "javascript": true, "width": 360, "person": {...}, "paper": "...", "shots": "..."}'
// Prints one JSON line with what it found; any step that does not behave ends it with an error that says which.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(join(process.env.TADAMON_NODE_MODULES, "nothing.js"));
const { chromium } = require("playwright-core");

const task = JSON.parse(process.argv[2]);
const { base, mail, locale, person } = task;
const PASSWORD = "sept oliviers derriere la maison";
const words = {
  fr: { send: "Envoyer", signIn: "Se connecter", accept: "Accepter", confirm: "Confirmer", next: "Suivant", finish: "Terminer", sent: "Envoyée" },
  ar: { send: "إرسال", signIn: "الدخول", accept: "قبول", confirm: "تأكيد", next: "التالي", finish: "إنهاء", sent: "مرسلة" },
}[locale];
const numbers = {
  fr: ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"],
  ar: ["صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"],
}[locale];

const browser = await chromium.launch({
  executablePath: process.env.TADAMON_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const context = await browser.newContext({
  locale: locale === "ar" ? "ar-MA" : "fr-MA",
  javaScriptEnabled: task.javascript,
  viewport: { width: task.width, height: task.width < 700 ? 800 : 900 },
});
const page = await context.newPage();
page.setDefaultTimeout(30_000);

let step = "start";
let shot = 0;
const foreign = [];
page.on("request", (request) => {
  if (!request.url().startsWith(base) && !request.url().startsWith("data:")) foreign.push(request.url());
});

async function at(name) {
  step = name;
  if (task.shots) {
    shot += 1;
    const scripts = task.javascript ? "js" : "nojs";
    await page.screenshot({ path: join(task.shots, `journey-${locale}-${scripts}-${String(shot).padStart(2, "0")}-${name}.png`), fullPage: true });
  }
  if ((await page.getAttribute("html", "dir")) !== (locale === "ar" ? "rtl" : "ltr")) throw new Error("the page runs in the wrong direction");
  const wide = task.javascript && (await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth));
  if (wide) throw new Error("the page scrolls sideways");
}

/** Presses the one main button, which carries the guide's word. */
async function press(word) {
  await page.getByRole("main").getByRole("button", { name: word, exact: false }).first().click();
}

async function robot() {
  if (task.javascript) {
    await page.check("#robot");
    await page.waitForFunction(() => document.querySelector("input[name=robot_solution]").value !== "");
    return;
  }
  const question = await page.textContent("label[for=answer]");
  const found = question
    .split(/[\s ?؟]+/)
    .map((word) => numbers.indexOf(word))
    .filter((value) => value >= 0);
  if (found.length !== 2) throw new Error(`the question is not understood: ${question}`);
  await page.fill("#answer", String(found[0] + found[1]));
}

/** The newest mail to the person after `seen` others. */
async function nextMail(seen) {
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await fetch(`${mail}/api/email?to.address=${encodeURIComponent(person.email)}`);
    const mails = await answer.json();
    if (mails.length > seen) return mails[seen];
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("no mail came");
}

async function mailCount() {
  return (await (await fetch(`${mail}/api/email?to.address=${encodeURIComponent(person.email)}`)).json()).length;
}

try {
  const before = await mailCount();
  await page.goto(`${base}/`);
  await at("sign-in");
  await page.goto(`${base}/${locale}/account`);
  await at("account");
  await page.fill("#matricule", person.matricule);
  await page.fill("#cin", person.cin);
  await page.selectOption("#position", person.position);
  if (person.pension) await page.fill("#pension_number", person.pension);
  await page.fill("#email", person.email);
  await robot();
  await press(words.send);
  await page.waitForURL(/\/account\/sent$/);
  await at("account-sent");

  const linkMail = await nextMail(before);
  const link = linkMail.text.match(/https?:\/\/\S+\/link\/[A-Za-z0-9_.~-]+/);
  if (!link) throw new Error("the mail has no link");
  await page.goto(link[0]);
  await at("link");
  for (const field of await page.locator("main input[type=password]").all()) await field.fill(PASSWORD);
  await page.locator("main form button.button").first().click();
  await page.waitForURL(/sign-in/);
  await at("password-set");
  await page.goto(link[0]);
  await at("link-used");
  if (await page.locator("main input[type=password]").count()) throw new Error("the link can be used twice");
  if (!(await page.locator(".seal--wait").isVisible())) throw new Error("nothing says why a used link does not open");

  await page.goto(`${base}/${locale}/sign-in`);
  await page.fill("#matricule", person.matricule);
  await page.fill("#password", PASSWORD);
  await robot();
  await press(words.signIn);
  await page.waitForURL(/terms\/accept/);
  await page.goto(`${base}/${locale}/home`);
  if (!page.url().includes("terms/accept")) throw new Error("the space opens before the terms are accepted");
  await at("terms");
  await press(words.accept);
  await page.waitForURL(/\/home/);
  await at("home");

  await page.goto(`${base}/${locale}/services/exceptional_health_aid`);
  await at("service");
  await page.locator("main form button.button").first().click();
  await page.waitForURL(/\/account$/);
  await at("step-account");
  await page.check("#choice-confirmed");
  await press(words.confirm);
  await page.waitForURL(/\/person$/);
  await at("step-person");
  await page.check("#person-0");
  await press(words.next);
  await page.waitForURL(/\/reason$/);
  await at("step-reason");
  await page.check("#reason-1");
  await press(words.next);
  await page.waitForURL(/\/consent$/);
  await at("step-consent");
  await page.check("#agreed");
  await press(words.next);
  await page.waitForURL(/\/papers$/);
  await at("step-papers");
  const wrong = { name: "photo.pdf", mimeType: "application/pdf", buffer: Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1") };
  const paper = { name: "dossier-specimen.pdf", mimeType: "application/pdf", buffer: readFileSync(task.paper) };
  for (const file of [wrong, paper]) {
    await page.setInputFiles("main input[type=file]", file);
    const send = page.locator("[data-send]");
    if (await send.isVisible()) await send.click();
    if (file === wrong) {
      await page.locator(".problem:visible").first().waitFor();
      await at("paper-refused");
    } else {
      await page.locator(".upload__file .status--ok").first().waitFor();
      await at("paper-received");
    }
  }
  await page.getByRole("main").getByRole("button", { name: words.next, exact: true }).click();
  await page.waitForURL(/\/summary$/);
  await at("step-summary");
  const summary = page.url();
  if (task.javascript) {
    await page.getByRole("main").getByRole("button", { name: words.finish }).dblclick();
  } else {
    await press(words.finish);
  }
  await page.waitForURL(/\/sent$/);
  await at("sent");
  const number = (await page.textContent("main .big")).trim();
  if (!/^[1-9][0-9]*\/Aid_X\/[0-9]{4}$/.test(number)) throw new Error(`not a request number: ${number}`);

  // Back and the form again: still one file.
  await page.goto(summary);
  await page.goto(`${base}/${locale}/services/exceptional_health_aid/history`);
  await at("history");
  const rows = await page.locator("main .file").count();
  const listed = await page.textContent("main");
  if (rows !== 1) throw new Error(`${rows} files instead of one`);
  if (!listed.includes(number) || !listed.includes(words.sent)) throw new Error("the history does not show the file as sent");

  const notice = await nextMail(before + 1);
  const forbidden = [number, "Aid_X", "santé", "صحي", "cancer", "oncolog", "السرطان"];
  const told = `${notice.subject} ${notice.text} ${notice.html ?? ""}`;
  for (const word of forbidden) if (told.includes(word)) throw new Error(`the mail names ${word}`);
  await page.goto(`${base}/${locale}/inbox`);
  await page.locator(".message").first().waitFor();
  await at("inbox");

  await page.locator("summary").first().click();
  await page.goto(`${base}/${locale}/home`);
  await at("home-with-file");
  if (foreign.length) throw new Error(`third parties were called: ${foreign.join(", ")}`);
  console.log(JSON.stringify({ number, rows, subject: notice.subject }));
} catch (error) {
  if (task.shots) await page.screenshot({ path: join(task.shots, `journey-${locale}-failed.png`), fullPage: true }).catch(() => {});
  console.error(`after "${step}" at ${page.url()}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}

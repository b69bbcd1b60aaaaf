// The two guides' journey in a real browser, from "open an account" to the number of a request and the mail that confirms it.
//
//   node journey.mjs --plan plan.json --language ar|fr [--no-script] [--shots DIR]
//
// The plan: { base, mail, person: { matricule, cin, position, email, pension? }, password, paper (path of a PDF) }. The person must not have an
// account yet. Every step is checked for what the person must see; the first that is not there ends the run with 1.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const tools = createRequire(join(process.env.TADAMON_NODE ?? join(root, ".local/node"), "package.json"));
const { chromium } = tools("playwright-core");

const plan = JSON.parse(readFileSync(option("plan"), "utf8"));
const language = option("language", "fr");
const scripts = !process.argv.includes("--no-script");
const shots = option("shots", null);
if (shots) mkdirSync(shots, { recursive: true });

const words = {
  fr: { question: /Combien font (\S+) plus (\S+)/, draft: "Brouillon", sent: "Envoyée" },
  ar: { question: /تساوي|يساوي/, draft: "مسودة", sent: "مرسلة" },
}[language];
const numbers = {
  fr: ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"],
  ar: ["صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"],
};
let picture = 0;

async function main() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  const context = await browser.newContext({
    locale: language === "ar" ? "ar-MA" : "fr-FR",
    javaScriptEnabled: scripts,
    viewport: { width: 390, height: 844 },
  });
  context.setDefaultTimeout(20000);
  const page = await context.newPage();
  const see = async (what) => {
    picture += 1;
    if (shots) await page.screenshot({ path: join(shots, `${language}${scripts ? "" : "-no-script"}-${String(picture).padStart(2, "0")}.png`), fullPage: true });
    console.log(`${language}${scripts ? "" : " without scripts"}: ${what} (${new URL(page.url()).pathname})`);
  };
  const at = async (pattern, what) => {
    await page.waitForURL(pattern);
    await see(what);
  };
  const send = () => page.click("main form button:not([type=button]):visible >> nth=-1");

  // Opening an account.
  await page.goto(`${plan.base}/${language}`);
  await see("the first page");
  await page.goto(`${plan.base}/${language}/account`);
  await page.fill("#matricule", plan.person.matricule);
  await page.fill("#cin", plan.person.cin);
  await page.selectOption("#position", plan.person.position);
  await page.fill("#email", plan.person.email);
  if (plan.person.pension) await page.fill("#pension_number", plan.person.pension);
  await prove(page);
  await send();
  await at(/account\/sent/, "asked for a link");

  // The mail, and the password.
  const link = await mailedLink(plan.person.email, /account\/link\//);
  await page.goto(link);
  await see("opened the link of the mail");
  await page.fill("#new_password", plan.password);
  await page.fill("#again_password", plan.password);
  await send();
  await at(/sign-in/, "set the password");
  await page.goto(link);
  await see("the link again");
  if (!(await page.locator(".seal--wait").isVisible())) throw new Error("a used link still opens");

  // Signing in, and the terms.
  await page.goto(`${plan.base}/${language}/sign-in`);
  await page.fill("#matricule", plan.person.matricule);
  await page.fill("#password", plan.password);
  await prove(page);
  await page.click("main form button.button--block");
  await at(/terms\/accept/, "signed in, the terms come first");
  await send();
  await at(/home/, "home");

  // The request.
  await page.goto(`${plan.base}/${language}/services/exceptional_health_aid`);
  await see("the service");
  await send();
  await at(/\/account$/, "is this the account?");
  await page.check("#choice-confirmed");
  await send();
  await at(/\/person$/, "for whom?");
  await page.check("#person-0");
  await send();
  await at(/\/reason$/, "for which reason?");
  await page.check("#reason-0");
  await send();
  await at(/\/consent$/, "consent");
  await page.check("#agreed");
  await send();
  await at(/\/papers$/, "the paper");
  await page.setInputFiles("input[type=file]", plan.paper);
  if (!scripts) await page.click("[data-send]");
  await page.waitForSelector(".upload .status--ok");
  await see("the paper is received");
  await send();
  await at(/\/summary$/, "the summary");
  await send();
  await at(/\/sent$/, "sent");
  const number = (await page.locator(".big bdi").innerText()).trim();
  if (!/^[1-9]\d*\/Aid_X\/\d{4}$/.test(number)) throw new Error(`no number: ${number}`);
  await page.goBack();
  await page.goto(`${plan.base}/${language}/services/exceptional_health_aid/history`);
  await see("the history");
  const rows = await page.locator(".file").count();
  if (rows !== 1 || !(await page.locator("main").innerText()).includes(words.sent)) throw new Error(`the history shows ${rows} files`);

  // The messages: nothing of the illness, the benefit or the number.
  // It is written in the language of the staff file, whatever the page's.
  const mail = await mailTo(plan.person.email, (text) => /توصلت المؤسسة بطلبكم|bien reçu votre demande|reçu votre demande/.test(text));
  for (const secret of [number, "Aid_X", "santé", "Santé", "الصحية", "صحية"]) {
    if (mail.includes(secret)) throw new Error(`the mail says ${secret}`);
  }
  await page.goto(`${plan.base}/${language}/inbox`);
  await page.waitForSelector(".message");
  await see("the inbox");
  await browser.close();
  console.log(`${language}${scripts ? "" : " without scripts"}: ${number}`);
}

async function prove(page) {
  if (scripts) {
    await page.check("#robot");
    await page.waitForSelector("[data-robot-tick]:not([hidden])", { timeout: 60000 });
    return;
  }
  const question = await page.locator("label[for=answer]").innerText();
  const sum = numbers[language]
    .flatMap((word, value) => question.split(/[\s؟?]+/).filter((part) => part.replace(/^و/, "") === word || part === word).map(() => value))
    .reduce((total, value) => total + value, 0);
  await page.fill("#answer", String(sum));
}

async function mailTo(address, wanted) {
  for (let tries = 0; tries < 120; tries += 1) {
    const answer = await fetch(`${plan.mail}/api/email?to.address=${encodeURIComponent(address)}`);
    const mails = answer.ok ? await answer.json() : [];
    const found = mails.map((mail) => `${mail.subject}\n${mail.text}`).find(wanted);
    if (found) return found;
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error("the mail did not come within a minute");
}

async function mailedLink(address, pattern) {
  const text = await mailTo(address, (mail) => pattern.test(mail));
  return text.match(/https?:\/\/\S+/g).find((url) => pattern.test(url));
}

await main();

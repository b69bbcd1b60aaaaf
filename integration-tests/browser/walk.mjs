// Walks every page of the portal in both languages and both widths: axe, sideways scroll, size of targets, calls to elsewhere, a picture of each.
//
//   node walk.mjs --plan plan.json [--shots DIR] [--only TEXT]
//
// The plan names the base address, accounts and records, or a demonstration to find them in (see README.md). A GET route of
// services/portal/routes.json that is not visited fails the walk, and so does any finding. With a plan that names accounts it changes nothing on
// the server but sessions; in a demonstration it first opens the accounts that are not open yet.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { complete, signIn } from "./demonstration.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const tools = createRequire(join(process.env.TADAMON_NODE ?? join(root, ".local/node"), "package.json"));
const { chromium } = tools("playwright-core");
const axeSource = readFileSync(tools.resolve("axe-core/axe.min.js"), "utf8");

let plan = JSON.parse(readFileSync(option("plan"), "utf8"));
const shots = option("shots", null);
const only = option("only", "");
const routes = JSON.parse(readFileSync(join(root, "services/portal/routes.json"), "utf8"));
const widths = [
  { name: "360", width: 360, height: 800 },
  { name: "1440", width: 1440, height: 900 },
];
const locales = ["ar", "fr"];
const findings = [];
const visited = new Set();
if (shots) mkdirSync(shots, { recursive: true });

// Pages that are no page of HTML, or lead elsewhere by design.
const notHtml = new Set(["/{locale}/challenge/{form}", "/{locale}/applications/{id}/papers/{document}", "/{locale}/office/files/{id}/papers/{document}"]);

// Which agent of the plan opens a page of the office; the one who examines files opens the others.
const dutyOf = (path) => (path.includes("/office/agents") ? "administrator" : path.endsWith("/office/openings") ? "auditor" : "agent");

const fill = (sample, locale, records) =>
  sample.replace("{locale}", locale).replace(/\{(\w+)\}/g, (whole, name) => records[name] ?? whole);

const name = (locale, path, width) => `${path.replace(/^\//, "").replace(/[^a-z0-9-]+/gi, "_") || "first"}.${locale}.${width}`;

async function inspect(page, label) {
  const found = (what) => findings.push(`${label}: ${what}`);
  const layout = await page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const small = [];
    for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".skip")) continue;
      // The button that only Enter reaches, before the one that goes back.
      if (element.matches("button.visually-hidden[tabindex='-1']")) continue;
      if (element.matches("p a, small a, dd a, li p a") && !element.matches(".hit, .button")) continue;
      // A dense row of a queue is for a mouse; a finger gets rows of 44.
      if (element.matches(".table--queue .cover") && !matchMedia("(pointer: coarse)").matches) continue;
      const target = element.matches("input[type=radio], input[type=checkbox]") ? element.closest("label") : element.matches(".upload__pick input[type=file]") ? element.nextElementSibling : element.matches(".cover") ? element.parentElement : element;
      const box = target.getBoundingClientRect();
      if (box.width > 0 && (box.height < 43.5 || box.width < 43.5)) {
        small.push(`${element.tagName.toLowerCase()} "${(element.textContent || element.name || "").trim().slice(0, 30)}" ${Math.round(box.width)}x${Math.round(box.height)}`);
      }
    }
    return { wide, small, lang: document.documentElement.lang, dir: document.documentElement.dir, h1: document.querySelectorAll("h1").length };
  });
  if (layout.wide > 0) found(`scrolls ${layout.wide} px sideways`);
  for (const target of layout.small) found(`target under 44: ${target}`);
  if (layout.h1 !== 1) found(`${layout.h1} headings of the first level`);
  const result = await page.evaluate(
    async (source) => {
      if (!globalThis.axe) (0, eval)(source);
      return globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    },
    axeSource,
  );
  for (const violation of result.violations) {
    found(`axe ${violation.id} (${violation.impact}): ${violation.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.any?.[0]?.message ?? ""}`).join(" | ")}`);
  }
}

async function visit(context, locale, width, label, address, { expect = 200, act } = {}) {
  if (only && !label.includes(only)) return;
  const page = await context.newPage();
  await page.setViewportSize({ width: width.width, height: width.height });
  const foreign = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(plan.base) && !request.url().startsWith("data:")) foreign.push(request.url());
  });
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (4|5)\d\d/.test(message.text())) complaints.push(message.text());
  });
  const answer = await page.goto(`${plan.base}${address}`);
  const full = name(locale, label, width.name);
  if (act) await act(page);
  else if (answer.status() !== expect) findings.push(`${full}: answered ${answer.status()}, expected ${expect}`);
  await page.evaluate(() => document.fonts.ready);
  await inspect(page, full);
  for (const url of foreign) findings.push(`${full}: asked for ${url}`);
  for (const text of complaints) findings.push(`${full}: console: ${text}`);
  if (shots) {
    await page.screenshot({ path: join(shots, `${full}.png`) });
    const tall = await page.evaluate(() => document.documentElement.scrollHeight > window.innerHeight + 40);
    if (tall) await page.screenshot({ path: join(shots, `${full}-full.png`), fullPage: true });
  }
  await page.close();
}

// The office as each duty sees it.
async function office(agents, locale, width) {
  const at = (path) => `/${locale}/office${path}`;
  const file = at(`/files/${plan.records.review}`);
  const { agent, reviewer, validator, auditor, enrolling, administrator = agent } = agents;
  if (agent) {
    await visit(agent, locale, width, "office-menu-open", `/${locale}/password`, { act: (page) => page.click("[data-menu] summary") });
    await visit(agent, locale, width, "office-no-match", at("/queues/examination?number=1/Aid_X/1999"));
    await visit(agent, locale, width, "office-desk-found", at("/desk"), {
      act: async (page) => {
        await page.fill("#matricule", plan.accounts.member.matricule);
        await page.click("main form button.button");
        await page.waitForSelector("input[name=identification]");
      },
    });
    await visit(agent, locale, width, "office-forbidden", at("/openings"), { expect: 403 });
  }
  if (administrator) {
    await visit(administrator, locale, width, "office-agent-problems", at("/agents/new"), {
      act: async (page) => {
        await page.click("main form button.button");
        await page.waitForSelector("#problems");
      },
    });
  }
  if (reviewer) {
    await visit(reviewer, locale, width, "office-reviewer", at(""));
    await visit(reviewer, locale, width, "office-reviewer-file", `${file}?queue=opinion`);
  }
  if (validator) await visit(validator, locale, width, "office-validator-file", `${file}?queue=validation`);
  if (auditor) {
    await visit(auditor, locale, width, "office-auditor", at(""));
    await visit(auditor, locale, width, "office-auditor-trail", `${file}/audit`);
  }
  if (enrolling) {
    await visit(enrolling, locale, width, "second-factor-qr", `/${locale}/second-factor`, {
      act: async (page) => {
        await page.click("main form button.button");
        await page.waitForSelector(".qr");
      },
    });
  }
}

async function main() {
  // Content security forbids evaluation in the pages: the walk needs it for axe.
  const browser = await chromium.launch({ executablePath: process.env.TADAMON_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  const fresh = async (locale, extra = {}) => {
    const context = await browser.newContext({ locale: locale === "ar" ? "ar-MA" : "fr-FR", bypassCSP: true, ...extra });
    context.setDefaultTimeout(20000);
    return context;
  };
  if (plan.demonstration) plan = await complete(plan, fresh);
  for (const locale of locales) {
    const stranger = await fresh(locale);
    const member = await fresh(locale);
    await signIn(member, plan.base, plan.accounts.member, locale);
    const newcomer = plan.accounts.newcomer ? await fresh(locale) : null;
    if (newcomer) await signIn(newcomer, plan.base, plan.accounts.newcomer, locale);
    const agents = {};
    for (const name of ["agent", "reviewer", "validator", "auditor", "administrator", "enrolling"]) {
      if (!plan.accounts[name]) continue;
      agents[name] = await fresh(locale);
      await signIn(agents[name], plan.base, plan.accounts[name], locale);
    }
    const empty = plan.accounts.empty ? await fresh(locale) : null;
    if (empty) await signIn(empty, plan.base, plan.accounts.empty, locale);

    for (const width of widths) {
      for (const route of routes.filter((route) => route.method === "GET")) {
        const address = fill(route.sample, locale, plan.records);
        if (/\{\w+\}/.test(address)) {
          findings.push(`${route.path}: the plan names no record for ${address}`);
          continue;
        }
        visited.add(route.path);
        if (notHtml.has(route.path)) continue;
        const label = route.sample.replace("{locale}", "").replace(/[{}]/g, "") || "/";
        const duty = agents[dutyOf(route.path)] ?? agents.agent;
        const who = { public: stranger, member, person: member, agent: duty, second_factor: agents.enrolling ?? agents.agent, before_terms: newcomer }[route.access];
        if (!who) {
          findings.push(`${route.path}: the plan names no account for a page that is open to: ${route.access}`);
          continue;
        }
        await visit(who, locale, width, label, address, { expect: route.path.includes("/error/") ? 503 : 200 });
      }
      // Pages that no address alone shows.
      await visit(stranger, locale, width, "missing-page", `/${locale}/nothing-here`, { expect: 404 });
      await visit(stranger, locale, width, "error-401", `/${locale}/error/401`, { expect: 401 });
      await visit(stranger, locale, width, "error-403", `/${locale}/error/403`, { expect: 403 });
      await visit(stranger, locale, width, "expired-link", `/${locale}/account/link/no-such-link`, { expect: 410 });
      await visit(stranger, locale, width, "account-problems", `/${locale}/account`, {
        act: async (page) => {
          await page.fill("#cin", "123");
          await page.click("main form button");
          await page.waitForSelector("#problems");
        },
      });
      await visit(stranger, locale, width, "sign-in-problems", `/${locale}/sign-in`, {
        act: async (page) => {
          await page.click("main form button");
          await page.waitForSelector("#problems");
        },
      });
      await visit(stranger, locale, width, "sign-in-robot-away", `/${locale}/sign-in`, {
        act: async (page) => {
          await page.route("**/challenge/**", (route) => route.fulfill({ status: 503, contentType: "application/json", body: '{"message":"-"}' }));
          await page.locator("#robot").check({ noWaitAfter: true }).catch(() => null);
          const note = page.locator("[data-robot-note]");
          await page.waitForFunction(() => !document.querySelector("#robot").checked);
          if ((await note.textContent()) !== (await note.getAttribute("data-away"))) findings.push(`robot box while nobody answers (${locale}): says ${await note.textContent()}`);
        },
      });
      await visit(member, locale, width, "menu-open", `/${locale}/home`, {
        act: async (page) => {
          await page.click("[data-menu] summary");
        },
      });
      await visit(member, locale, width, "password-problems", `/${locale}/password`, {
        act: async (page) => {
          await page.fill("#new_password", "court");
          await page.click("main form button");
          await page.waitForSelector("#problems");
        },
      });
      await office(agents, locale, width);
      await visit(member, locale, width, "draft", `/${locale}/applications/${plan.records.draft}`);
      // A file in each state after sending, where the plan names one, and the pages that correct what was asked.
      for (const state of ["reviewing", "asked", "granted", "refused"]) {
        if (plan.records[state]) await visit(member, locale, width, `file-${state}`, `/${locale}/applications/${plan.records[state]}`);
      }
      if (plan.records.asked) {
        for (const step of plan.records.corrections ?? ["summary"]) {
          await visit(member, locale, width, `correction-${step.replace("/", "-")}`, `/${locale}/applications/${plan.records.asked}/${step}`);
        }
      }
      if (empty) {
        await visit(empty, locale, width, "empty-home", `/${locale}/home`);
        await visit(empty, locale, width, "empty-files", `/${locale}/applications`);
        await visit(empty, locale, width, "empty-inbox", `/${locale}/inbox`);
      }
    }
    const plain = await fresh(locale, { javaScriptEnabled: false });
    const page = await plain.newPage();
    for (const width of widths) {
      await page.setViewportSize({ width: width.width, height: width.height });
      await page.goto(`${plan.base}/${locale}`);
      if (!(await page.locator("#answer").isVisible())) findings.push(`first page without scripts (${locale}): no question to answer`);
      if (shots) await page.screenshot({ path: join(shots, `${name(locale, "no-script-first", width.name)}.png`), fullPage: true });
    }
  }
  await browser.close();
  for (const route of routes.filter((route) => route.method === "GET")) {
    if (!visited.has(route.path)) findings.push(`${route.path} was not visited`);
  }
  if (shots) writeFileSync(join(shots, "findings.txt"), findings.join("\n") + "\n");
  for (const finding of findings) console.log(finding);
  console.log(findings.length === 0 ? `walk: ${visited.size} routes, nothing found` : `walk: ${findings.length} findings`);
  process.exit(findings.length === 0 ? 0 : 1);
}

await main();

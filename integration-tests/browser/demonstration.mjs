// Makes the plan of the walk on a freshly loaded demonstration: opens what is not open yet from the mails, and finds a member with a draft and a
// request by walking as its members. It checks nothing: the journeys do.
import { createHmac } from "node:crypto";

/** The code that an application for codes shows for a base32 secret at an instant (RFC 6238: SHA-1, 30 seconds, six digits). */
export function codeOf(secret, now = Date.now()) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.toUpperCase().replace(/[^A-Z2-7]/g, "")].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30000)));
  const digest = createHmac("sha1", key).update(counter).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}

/** Proves the second factor of an agent whose page asks for it: with the account's fixed code or secret, or by setting one up. */
async function secondFactor(page, base, account, locale) {
  if (!new URL(page.url()).pathname.endsWith("/office") && !page.url().includes("/second-factor")) return;
  await page.goto(`${base}/${locale}/second-factor`);
  if (await page.locator('form:has(input[name=step][value=begin]) button').count()) {
    if (!account.setUp) return;
    await page.click('form:has(input[name=step][value=begin]) button');
    account.secret = (await page.locator(".secret").innerText()).replace(/\s/g, "");
    await page.fill("#secret_code", codeOf(account.secret));
    account.step = Math.floor(Date.now() / 30000);
    await page.click('form:has(input[name=step][value=confirm]) button');
    await page.waitForSelector(".codes");
    return;
  }
  if (!(await page.locator("#secret_code").count())) return;
  if (!account.code && !account.secret) throw new Error(`no second factor is known for ${account.matricule}`);
  // A code opens once: within its thirty seconds a second sign-in waits for the next.
  if (account.secret) {
    while (account.step === Math.floor(Date.now() / 30000)) await new Promise((done) => setTimeout(done, 500));
    account.step = Math.floor(Date.now() / 30000);
  }
  await page.fill("#secret_code", account.code ?? codeOf(account.secret));
  await page.click('form:has(input[name=way][value=code]) button');
  await page.waitForURL((url) => !url.pathname.endsWith("/second-factor"));
}

/** Signs in; the terms are accepted when `accept` says so, an agent proves the second factor. */
export async function signIn(context, base, account, locale, { accept = false } = {}) {
  const page = await context.newPage();
  await page.goto(`${base}/${locale}/sign-in`);
  await page.fill("#matricule", account.matricule);
  await page.fill("#password", account.password);
  await prove(page);
  await page.click("main form button:not([type=button])");
  await page.waitForURL((url) => !url.pathname.endsWith("/sign-in"), { timeout: 20000 }).catch(async () => {
    throw new Error(`sign-in of ${account.matricule} failed: ${await page.locator("#problems").innerText().catch(() => "no reason shown")}`);
  });
  if (accept && page.url().includes("/terms/accept")) {
    await page.click("main form button.button");
    await page.waitForURL((url) => !url.pathname.endsWith("/terms/accept"));
  }
  await secondFactor(page, base, account, locale);
  await page.close();
}

async function prove(page) {
  await page.check("#robot");
  await page.waitForSelector("[data-robot-tick]:not([hidden])", { timeout: 60000 });
}

/** The links that were mailed to the address. */
async function links(mail, address) {
  const answer = await fetch(`${mail}/api/email?to.address=${encodeURIComponent(address)}`);
  const mails = answer.ok ? await answer.json() : [];
  return mails.flatMap((mail) => [...mail.text.matchAll(/https?:\/\/\S+\/link\/([A-Za-z0-9_.~-]+)/g)]).map((link) => link[1]);
}

/** The link that comes besides those that were there before. */
async function mailedLink(mail, address, before) {
  for (let tries = 0; tries < 120; tries += 1) {
    const found = (await links(mail, address)).find((link) => !before.includes(link));
    if (found) return found;
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error("no mail with a link came");
}

async function askForLink(context, plan, person) {
  const before = await links(plan.demonstration.mail, person.email);
  const page = await context.newPage();
  await page.goto(`${plan.base}/fr/account`);
  await page.fill("#matricule", person.matricule);
  await page.fill("#cin", person.cin);
  await page.selectOption("#position", person.position);
  if (person.pension_number) await page.fill("#pension_number", person.pension_number);
  await page.fill("#email", person.email);
  await prove(page);
  await page.click("main form button:not([type=button])");
  await page.waitForURL(/\/account\/sent$/);
  await page.close();
  return mailedLink(plan.demonstration.mail, person.email, before);
}

async function setPassword(context, plan, link, password) {
  const page = await context.newPage();
  await page.goto(`${plan.base}/fr/account/link/${link}`);
  for (const field of await page.locator("main input[type=password]").all()) await field.fill(password);
  await page.locator("main form button.button").first().click();
  await page.waitForURL(/sign-in/);
  await page.close();
}

/**
 * The reader's draft, a request with a paper that can be withdrawn, and a draft with typed questions; nothing when there are not all three. Where
 * there are some, also a file that waits for the reader and one of each decision.
 */
async function recordsOf(context, plan) {
  const page = await context.newPage();
  await page.goto(`${plan.base}/fr/applications`);
  const ids = await page.locator("main a.file__title").evaluateAll((links) => links.map((link) => link.getAttribute("href").split("/").at(-1)));
  const found = {};
  for (const id of ids) {
    await page.goto(`${plan.base}/fr/applications/${id}`);
    const to = (part) => page.locator(`main a[href*="/applications/${id}/${part}"]`);
    if (await to("discard").count()) found[(await to("details/").count()) ? "trip" : "draft"] = id;
    if (await page.locator(".asked").count()) {
      found.asked ??= id;
      continue;
    }
    if (await page.locator("section[aria-labelledby=dec] .big").count()) found.granted ??= id;
    if (await page.locator("section[aria-labelledby=dec] .notice--stop").count()) found.refused ??= id;
    if (!found.sent && (await to("withdraw").count()) && (await to("papers/").count())) {
      found.sent = id;
      found.document = (await to("papers/").first().getAttribute("href")).split("/").at(-1);
    }
  }
  // A service with questions of its own asks them of a draft: begun here unless there is one already.
  if (found.draft && found.sent && !found.trip) {
    await page.goto(`${plan.base}/fr/services/air_transport_support`);
    const begin = page.locator('main form[action$="/services/air_transport_support"] button');
    if (await begin.count()) {
      await begin.first().click();
      await page.waitForURL(/\/applications\/[^/]+\/account$/);
      found.trip = page.url().split("/").at(-2);
    }
  }
  await page.close();
  return found.draft && found.sent && found.trip ? found : null;
}

// No administrator gives these to an agent who is said to be no member.
const REVIEWING = ["case_officer", "validator"];

/**
 * Makes an agent with these duties in the administrator's hands and signs them in, so that the second factor is set up; gives the account. Who reviews
 * is one of these members, taken from the list: the first who is no agent yet, also after an earlier walk.
 */
async function agentFor(administrator, plan, fresh, password, login, roles, members) {
  const page = await administrator.newPage();
  const reviews = roles.some((role) => REVIEWING.includes(role));
  do {
    await page.goto(`${plan.base}/fr/office/agents/new`);
    await page.fill("#login", login);
    await page.fill("#email", `agent-${login}@finances.example`);
    if (reviews) await page.fill("#matricule", members.shift().matricule);
    else await page.check("input[name=no_membership]");
    for (const role of roles) await page.check(`input[name=role_${role}]`);
    await page.click("main form button.button");
    await page.waitForSelector(".secret, .errors, .notice--stop");
  } while (reviews && members.length && !(await page.locator(".secret").count()));
  await page.waitForSelector(".secret");
  const link = (await page.locator(".secret").innerText()).trim().split("/").at(-1);
  const id = (await page.locator('a[href*="/office/agents/"]').first().getAttribute("href")).split("/").at(-1);
  await page.close();
  const context = await fresh("fr");
  await setPassword(context, plan, link, password);
  const account = { matricule: login, password, setUp: true, id };
  await signIn(context, plan.base, account, "fr", { accept: true });
  await context.close();
  return account;
}

/** The plan with its accounts and records. `fresh` gives a new browser context. */
export async function complete(plan, fresh) {
  const { accounts, password, administrator } = plan.demonstration;
  const [newcomer, empty, later] = accounts.not_open_yet;
  const own = (matricule) => ({ matricule, password });
  const stranger = await fresh("fr");
  for (const person of [newcomer, empty]) await setPassword(stranger, plan, await askForLink(stranger, plan, person), password);
  const link = await askForLink(stranger, plan, later);
  // Printed once: a second walk of the same installation goes without.
  if (administrator.link) await setPassword(stranger, plan, administrator.link.split("/").at(-1), password);
  await stranger.close();
  const chief = { ...own(administrator.matricule), setUp: true, secret: administrator.secret };
  const office = await fresh("fr");
  await signIn(office, plan.base, chief, "fr", { accept: true });
  // Logins that no roster and no earlier walk has.
  const first = 99100000 + (Math.floor(Date.now() / 1000) % 80000) * 10;
  const duties = { agent: ["case_officer", "front_desk"], validator: ["validator"], auditor: ["auditor"] };
  // No administrator gives the health reviewer's role: the demonstration's own is taken.
  const { login, totp_secret: secret } = plan.demonstration.agents.health_reviewer;
  const agents = { reviewer: { ...own(login), secret } };
  const members = [...accounts.not_open_yet.slice(1), ...accounts.accounts];
  for (const [name, roles] of Object.entries(duties)) {
    agents[name] = await agentFor(office, plan, fresh, password, String(first + Object.keys(agents).length), roles, members);
  }
  await office.close();
  const context = await fresh("fr");
  await signIn(context, plan.base, own(empty.matricule), "fr", { accept: true });
  await context.close();
  for (const { matricule } of accounts.accounts) {
    const context = await fresh("fr");
    await signIn(context, plan.base, own(matricule), "fr", { accept: true });
    const found = await recordsOf(context, plan);
    await context.close();
    if (!found) continue;
    return {
      base: plan.base,
      accounts: { member: own(matricule), empty: own(empty.matricule), newcomer: own(newcomer.matricule), administrator: chief, ...agents },
      records: { benefit: "exceptional_health_aid", link, queue: "examination", review: found.sent, agent: agents.validator.id, ...found },
    };
  }
  throw new Error("no member of the demonstration has a draft, a sent request, and a workplace of the air transport support");
}

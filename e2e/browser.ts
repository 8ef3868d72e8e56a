import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findExecutable } from '../server/src/engines/process.ts';

/** Nothing that asks the network, and no sandbox, which root cannot have. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
const PATIENCE_MS = 20_000;
const LOOKS = [
  { width: 1280, height: 800, colorScheme: 'light' },
  { width: 1280, height: 800, colorScheme: 'dark' },
  { width: 800, height: 600, colorScheme: 'light' },
  { width: 360, height: 740, colorScheme: 'light' },
  { width: 360, height: 740, colorScheme: 'dark' },
] as const;

/** A page in a real browser, and everything that went wrong inside it so far. */
export interface OpenPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

export async function openPage(): Promise<OpenPage> {
  const executablePath = findExecutable('chromium', process.env);
  if (!executablePath) throw new Error('these tests need chromium in PATH');
  const browser: Browser = await chromium.launch({ executablePath, args: FLAGS });
  const page = await browser.newPage({ reducedMotion: 'reduce', timezoneId: 'Europe/Berlin' });
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // Refusals of the API are answers, which the browser counts as errors.
    if (message.type() !== 'error' || message.text().startsWith('Failed to load')) return;
    complaints.push(message.text());
  });
  return { page, complaints, close: () => browser.close() };
}

/**
 * Looks at the page at 1280, 800 and 360 px, light and dark: all that axe finds, and whatever makes it
 * wider than the window. Answers with one sentence a problem, and leaves 1280 px and light.
 */
export async function inspectPage(page: Page, name: string): Promise<string[]> {
  const problems: string[] = [];
  for (const { width, height, colorScheme } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    // What lies below the pointer after the page has shrunk shall not open its tool tip.
    await page.mouse.move(0, 0);
    await settle(page);
    const look = `${name} at ${width} px, ${colorScheme}`;
    const found = [...(await findOverflow(page)), ...(await findBarriers(page))];
    problems.push(...found.map((problem) => `${look}: ${problem}`));
    await takePicture(page, `${name}-${width}-${colorScheme}.png`);
  }
  await page.setViewportSize(LOOKS[0]);
  await page.emulateMedia({ colorScheme: LOOKS[0].colorScheme });
  return problems;
}

/** Waits until what moves because of the new look has come to rest. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
    const passing = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    scrollTo(0, 0);
    await Promise.allSettled(passing.map(({ finished }) => finished));
    await frame();
  });
}

/** What makes the page wider than its window, and the tables that something cuts off. */
function findOverflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const rightOf = (element: Element) => element.getBoundingClientRect().right;
    const { scrollWidth, clientWidth } = document.documentElement;
    const all = [...document.querySelectorAll('main *')];
    const wide = all.find((element) => rightOf(element) > clientWidth + 1);
    const who = wide?.outerHTML.slice(0, 120) ?? 'something';
    const cut = all.filter((table) => {
      if (table.tagName !== 'TABLE') return false;
      let frame = table.parentElement;
      while (frame && getComputedStyle(frame).overflowX === 'visible') frame = frame.parentElement;
      return frame !== null && rightOf(table) > rightOf(frame) + 1;
    });
    return [
      ...(scrollWidth > clientWidth ? [`${scrollWidth} px wide, by ${who}`] : []),
      ...cut.map((table) => `the table ${table.getAttribute('aria-label')} is cut off`),
    ];
  });
}

async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document));
  return violations.map(({ id, nodes }) => {
    const places = nodes.map(
      ({ target, failureSummary }) => `${target} (${failureSummary?.split('\n')[1]?.trim()})`,
    );
    return `${id} at ${places.slice(0, 3).join(', ')}`;
  });
}

/** Writes a screenshot of the whole page into the folder of NETDELTA_SCREENSHOTS, if that is set. */
export async function takePicture(page: Page, file: string): Promise<void> {
  const { NETDELTA_SCREENSHOTS: folder } = process.env;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, file), fullPage: true });
}

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

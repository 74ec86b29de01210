import { palette, quickInputBox, quickInputRow } from '../host/quickInput';
import type { UserSession } from './userSession';

/** The themes besides the usual one, which is light, and what the names of their pictures end in. */
const THEMES = [
  ['Dark Modern', 'dark'],
  ['Dark High Contrast', 'contrast'],
] as const;
/** Half of a small screen. */
const NARROW = { width: 640, height: 800 };

/** Saves pictures of the window when it is narrow, dark, and of high contrast. The last theme stays. */
export async function shootLooks(session: UserSession, name: string): Promise<void> {
  const { page } = session;
  const size = page.viewportSize();
  await page.setViewportSize(NARROW);
  await session.shoot(`${name}-narrow`);
  if (size) await page.setViewportSize(size);
  for (const [theme, ending] of THEMES) {
    await palette(page, 'Preferences: Color Theme');
    await (await quickInputBox(page)).fill(theme);
    await quickInputRow(page, theme).click();
    await session.shoot(`${name}-${ending}`);
  }
}

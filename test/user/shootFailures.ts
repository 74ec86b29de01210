import type { UserSession } from './userSession';

/** A picture of the window after every test of the suite that fails. */
export function shootFailures(session: () => UserSession | undefined): void {
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await session()?.shoot(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
  });
}

import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A new folder for every test of the suite, removed behind it. */
export function temporaryFolder(): () => string {
  let folder = '';
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(async () => {
    await remove(folder);
  });
  return () => folder;
}

/** One folder for all tests of the suite, removed behind them. */
export function sharedFolder(): () => string {
  let folder = '';
  before(async () => {
    folder = await newFolder();
  });
  after(async () => {
    await remove(folder);
  });
  return () => folder;
}

function newFolder(): Promise<string> {
  return fs.mkdtemp(path.join(os.tmpdir(), 'minutes-test-'));
}

async function remove(folder: string): Promise<void> {
  await fs.rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

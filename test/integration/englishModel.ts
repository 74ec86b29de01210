import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { printModelFacts } from '../../src/core/models/installedFacts';
import { set } from './window';

const NAME = 'minutes-tests/english';

/** As if an English-only model were installed and chosen, for as long as the test acts. It is never loaded: it has no weights. */
export async function withEnglishModel(act: () => Promise<void>): Promise<void> {
  const models = fs.mkdtempSync(path.join(os.tmpdir(), 'minutes-english-'));
  const folder = path.join(models, NAME.replace('/', '--'));
  fs.mkdirSync(folder);
  const facts = { name: NAME, installedBytes: 1, parameterCount: 1, languages: ['en'], canTranslate: false };
  fs.writeFileSync(path.join(folder, 'model.json'), printModelFacts(facts));
  try {
    await set('minutes.embedded.modelsFolder', models);
    await set('minutes.embedded.model', NAME);
    await act();
  } finally {
    fs.rmSync(models, { recursive: true, force: true });
  }
}

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { committedSpeech, inFixtures, largeSpeechFolder, speechFolder } from '../speech';
import { temporaryFolder } from './node/temporaryFolder';

const ENV = 'MINUTES_TEST_SPEECH';
/** A clone stays small. */
const MOST_BYTES = 2_000_000;

/** What the manifest tells besides what tests read of it. */
interface CommittedEntry {
  readonly file: string;
  readonly sha256: string;
  readonly licence: string;
}

describe('the recordings that come with the project', () => {
  const folder = temporaryFolder();
  const before = process.env[ENV];
  const entries = JSON.parse(fs.readFileSync(inFixtures('speech', 'MANIFEST.json'), 'utf8')) as CommittedEntry[];

  afterEach(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, ENV);
    else process.env[ENV] = before;
  });

  it('are those of the manifest, in the public domain and few', () => {
    let bytes = 0;
    for (const { file, sha256, licence } of entries) {
      const content = fs.readFileSync(inFixtures('speech', file));
      assert.equal(createHash('sha256').update(content).digest('hex'), sha256, file);
      assert.match(licence, /^public domain/, file);
      bytes += content.length;
    }
    assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
    const files = fs
      .readdirSync(inFixtures('speech'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(flac|wav)$/.test(name))
      .map((name) => name.split(path.sep).join('/'));
    assert.deepEqual(files.sort(), entries.map(({ file }) => file).sort());
  });

  it('stand in for a folder that is not there', () => {
    process.env[ENV] = folder();
    assert.ok('absent' in largeSpeechFolder());
    assert.deepEqual(speechFolder(), committedSpeech());
  });

  it('stand behind a folder that is there', () => {
    process.env[ENV] = folder();
    const entry = { file: 'hum.flac', seconds: 2, kind: 'noise', language: '' };
    fs.writeFileSync(path.join(folder(), 'MANIFEST.json'), JSON.stringify([entry]));
    assert.deepEqual(
      speechFolder().manifest.map(({ file }) => file),
      ['hum.flac'],
    );
  });
});

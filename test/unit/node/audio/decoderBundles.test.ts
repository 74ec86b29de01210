import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../../speech';

interface Notices {
  readonly TEXTS: Readonly<Record<string, readonly string[]>>;
}

/** What the build made, and its notices. */
describe('the decoders’ bundles', () => {
  const root = projectRoot();

  it('load by themselves, each as a file of its own', async () => {
    for (const [file, names] of [
      ['mpg123.js', ['MPEGDecoder']],
      ['flac.js', ['FLACDecoder']],
      ['vorbis.js', ['OggVorbisDecoder']],
      ['opus.js', ['OpusDecoder']],
    ] as const) {
      const loaded = (await import(pathToFileURL(path.join(root, 'dist', file)).href)) as Readonly<
        Record<string, unknown>
      >;
      for (const name of names) assert.equal(typeof loaded[name], 'function', name);
    }
  });

  it('are in no other bundle, least of all in what activation loads', async () => {
    const files = (await fs.readdir(path.join(root, 'dist'))).filter((name) => name.endsWith('.js'));
    const holding = async (text: string): Promise<string[]> => {
      const texts = await Promise.all(files.map((name) => fs.readFile(path.join(root, 'dist', name), 'utf8')));
      return files.filter((_, i) => texts[i]?.includes(text) === true);
    };
    assert.deepEqual(await holding('mpeg_frame_decoder_create'), ['mpg123.js']);
    assert.deepEqual(await holding('_FLACDecoder'), ['flac.js']);
  });

  it('hold nothing of codec-parser (LGPL-3.0) and no web workers', async () => {
    const inputs = JSON.parse(await fs.readFile(path.join(root, 'build', 'shipped-inputs.json'), 'utf8')) as string[];
    assert.ok(inputs.some((input) => input.includes('node_modules/mpg123-decoder/')));
    assert.deepEqual(
      inputs.filter((input) => /node_modules\/(codec-parser|@eshaz)\//.test(input)),
      [],
    );
  });

  it('have a text of their licence, and of those of the libraries within', async () => {
    const { TEXTS } = (await import(pathToFileURL(path.join(root, 'scripts', 'notices.mjs')).href)) as Notices;
    for (const text of Object.values(TEXTS).flat()) await fs.access(path.join(root, text));
    assert.match(await fs.readFile(path.join(root, 'scripts/licenses/mpg123-LGPL-2.1.txt'), 'utf8'), /LESSER GENERAL/);
  });
});

// Writes ThirdPartyNotices.txt: the licence of everything that is shipped, found from what the bundler really took in.
import fs from 'node:fs';
import path from 'node:path';

/** Parts that are shipped as they are, beside the bundles. */
export const PARTS = {
  'node-record-lpcm16': {
    title: 'node-record-lpcm16 (ISC)',
    licence: 'node_modules/node-record-lpcm16/LICENSE',
  },
  debug: { title: 'debug (MIT)', licence: 'node_modules/node-record-lpcm16/node_modules/debug/LICENSE' },
  ms: { title: 'ms (MIT)', licence: 'node_modules/node-record-lpcm16/node_modules/ms/license.md' },
  onnxruntime: {
    title:
      'ONNX Runtime 1.30.0 (MIT), Microsoft Corporation: onnxruntime-common, and onnxruntime-node or onnxruntime-web; the works that it is built with are listed in ThirdPartyNotices.txt of https://github.com/microsoft/onnxruntime/tree/v1.30.0',
    licence: 'scripts/licenses/ONNXRuntime-MIT.txt',
  },
  model: {
    title:
      'Whisper base (MIT), OpenAI: configuration, tokenizer, and the weights, which were put into another form and rounded to 8 bits; https://github.com/openai/whisper',
    licence: 'models/whisper-base/LICENSE',
  },
};

const DECODERS_MIT = 'scripts/licenses/wasm-audio-decoders-MIT.txt';
/** Texts for packages that come without a file of their licence, with those of the libraries within them. */
export const TEXTS = {
  '@wasm-audio-decoders/flac': [DECODERS_MIT, 'scripts/licenses/libFLAC-BSD.txt'],
  '@wasm-audio-decoders/ogg-vorbis': [DECODERS_MIT, 'scripts/licenses/libvorbis-libogg-BSD.txt'],
  'opus-decoder': [DECODERS_MIT, 'scripts/licenses/libopus-BSD.txt'],
  '@wasm-audio-decoders/common': [DECODERS_MIT, 'scripts/licenses/puff-zlib.txt'],
  'mpg123-decoder': [DECODERS_MIT, 'scripts/licenses/mpg123-LGPL-2.1.txt'],
};

/** @param {string} root @param {(keyof typeof PARTS)[]} parts */
export function writeNotices(root, parts) {
  const inputs = JSON.parse(fs.readFileSync(path.join(root, 'build/shipped-inputs.json'), 'utf8'));
  const packages = new Set(
    inputs.flatMap((input) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []).sort(),
  );
  const read = (file) => fs.readFileSync(path.join(root, file), 'utf8').trim();
  const sections = [...packages].map((name) => {
    const folder = `node_modules/${name}`;
    const { version, license } = JSON.parse(read(`${folder}/package.json`));
    const entries = fs.readdirSync(path.join(root, folder));
    const file = entries.find((entry) => /^licen[cs]e/i.test(entry));
    if (!file && !TEXTS[name]) throw new Error(`${name} has no licence file.`);
    // What a package contains of others.
    const others = entries.filter((entry) => /^(notice|third[-_]?party)/i.test(entry));
    const own = [...(file ? [file] : []), ...others].map((entry) => `${folder}/${entry}`);
    const texts = [...own, ...(TEXTS[name] ?? [])].map(read);
    return [`${name} ${version} (${license})`, ...texts].join('\n\n');
  });
  for (const part of parts) sections.push(`${PARTS[part].title}\n\n${read(PARTS[part].licence)}`);
  const line = '\n\n' + '-'.repeat(80) + '\n\n';
  const intro = 'Minutes contains the following works of others, under the licences below.';
  fs.writeFileSync(path.join(root, 'dist/ThirdPartyNotices.txt'), [intro, ...sections].join(line) + '\n');
}

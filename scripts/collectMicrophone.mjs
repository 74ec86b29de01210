// Puts node-record-lpcm16 and what it needs beside the bundles, where the packaged extension's `require` finds it.
import fs from 'node:fs';
import path from 'node:path';

/** What is needed at run time; the rest of the packages is examples and tests. Its own recorders are not: ours takes their place. */
const FILES = [
  'package.json',
  'index.js',
  'recorders/index.js',
  'LICENSE',
  ...['package.json', 'src/index.js', 'src/node.js', 'src/debug.js', 'LICENSE'].map(
    (name) => `node_modules/debug/${name}`,
  ),
  ...['package.json', 'index.js', 'license.md'].map((name) => `node_modules/ms/${name}`),
];

export function collectMicrophone(root) {
  const from = path.join(root, 'node_modules/node-record-lpcm16');
  const to = path.join(root, 'dist/node_modules/node-record-lpcm16');
  for (const file of FILES) {
    fs.mkdirSync(path.dirname(path.join(to, file)), { recursive: true });
    fs.copyFileSync(path.join(from, file), path.join(to, file));
  }
}

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

/** Where a path of the document may begin: whole, below `src` as in "`core/model.ts`", or below the engine's Whisper where that is described. */
const ROOTS = ['.', 'src', 'src/engine/whisper'] as const;
/** A name in code quotes that is a file's, or a folder's of the project. */
const NAMED = /`([\w.@/-]+\.(?:ts|mjs|cjs|json|md|wav)|(?:src|test|scripts|docs|models)\/[\w/-]*)`/g;
/** Files that are named and made later, or lie elsewhere. */
const NOT_OURS: ReadonlySet<string> = new Set(['MANIFEST.json', 'tokenizer.json', 'lib/dispatcher/agent.js']);

const text = fs.readFileSync('CONTRIBUTING.md', 'utf8');
const files = new Set(
  fs
    .readdirSync('src', { recursive: true, encoding: 'utf8' })
    .map((name) => path.basename(name))
    .concat(fs.readdirSync('test', { recursive: true, encoding: 'utf8' }).map((name) => path.basename(name))),
);

describe('CONTRIBUTING.md', () => {
  it('names files and folders', () => {
    assert.ok([...text.matchAll(NAMED)].length > 60);
  });

  it('names no path that is not there', () => {
    const absent = [...new Set([...text.matchAll(NAMED)].map(([, name = '']) => name))]
      .filter((name) => !NOT_OURS.has(name))
      .filter((name) =>
        name.includes('/')
          ? !ROOTS.some((root) => fs.existsSync(path.join(root, name)))
          : !files.has(name) && !fs.existsSync(name),
      );
    assert.deepEqual(absent, []);
  });

  it('names every package that is shipped', () => {
    const { dependencies } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { dependencies: object };
    assert.deepEqual(
      Object.keys(dependencies).filter((name) => !text.includes(`\`${name}\``)),
      [],
    );
  });
});

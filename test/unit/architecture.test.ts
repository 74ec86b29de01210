import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ARROWS } from './arrows';

/** One import or re-export of a file; types count as much as values. */
interface Import {
  /** As written: `../core/errors`, `node:fs`, `undici`. */
  readonly target: string;
  /** The file of ours that it means, relative to src; absent for packages and built-ins. */
  readonly file?: string;
}

interface SourceFile {
  /** Relative to src, with forward slashes. */
  readonly name: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const files = readSources(path.resolve('src'));
const inRoom = (room: string): SourceFile[] => files.filter(({ name }) => name.startsWith(`${room}/`));

/** What each room may import beside itself: rooms, then packages and built-ins. */
const ROOMS: Readonly<Record<string, { rooms: readonly string[]; outside: (target: string) => boolean }>> = {
  // Packages of core are pure as well: the build bundles them for no platform.
  core: { rooms: [], outside: (target) => target.startsWith('opencc-js/') || target === 'ignore' },
  node: { rooms: ['core'], outside: (target) => target !== 'vscode' },
  shell: { rooms: ['core'], outside: (target) => target === 'vscode' },
  engine: { rooms: ['core'], outside: (target) => target !== 'vscode' },
};

/** The files of the engine's own folder start its parts; each part is below. */
const STARTS_PARTS = 'engine';
/** So many files a folder holds at most in the rooms that grow. */
const MOST_FILES = 14;

describe('the architecture', () => {
  it('is read from files that are there', () => {
    assert.ok(inRoom('core').length > 10);
    assert.ok(files.some(({ imports }) => imports.some(({ file }) => file === 'core/errors.ts')));
  });

  it('has no rooms but those whose imports are known', () => {
    const rooms = files.filter(({ name }) => !Object.hasOwn(ROOMS, name.split('/')[0] ?? ''));
    assert.deepEqual(namesOf(rooms), ['cli.ts', 'extension.ts', 'services.ts']);
  });

  it('reads static, type, side-effect and dynamic imports and re-exports alike', () => {
    const text = `
import a, { type B } from './a';
import type {
  C,
} from "../c";
import './d';
export { e } from './e';
export * from './f';
const g = await import('./g');
let h: typeof import('./h');
export type No = 'no' | { readonly from: 'no' };
export const no = 'no from';
const i = require('./i');
// import no from './no';
/* import no from './no'; */
`;
    assert.deepEqual(importsIn(text), ['./a', '../c', './d', './e', './f', './g', './h', './i']);
  });

  for (const [room, { rooms, outside }] of Object.entries(ROOMS)) {
    it(`lets ${room} import ${['itself', ...rooms].join(' and ')} only`, () => {
      const wrong = inRoom(room).flatMap(({ name, imports }) =>
        imports
          .filter(({ target, file }) =>
            file === undefined ? !outside(target) : ![room, ...rooms].includes(file.split('/')[0] ?? ''),
          )
          .map(({ target }) => `${name} imports ${target}`),
      );
      assert.deepEqual(wrong, []);
    });
  }

  it('lets the command line import core and node, and nobody import what lies above the rooms', () => {
    const wrong = files.flatMap(({ name, imports }) =>
      imports
        .filter(({ target, file }) => {
          const room = file?.split('/')[0];
          const isAbove = file !== undefined && !file.includes('/') && name !== 'extension.ts';
          return isAbove || (name === 'cli.ts' && (target === 'vscode' || room === 'shell' || room === 'engine'));
        })
        .map(({ target }) => `${name} imports ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('lets extension and services import everything but the engine, which is met over HTTP', () => {
    const above = files.filter(({ name }) => ['extension.ts', 'services.ts'].includes(name));
    assert.equal(above.length, 2);
    const engine = above.flatMap(({ imports }) => imports.filter(({ file }) => file?.startsWith('engine/')));
    assert.deepEqual(engine, []);
  });

  it('lets folders import each other along the known arrows only', () => {
    const wrong = files.flatMap(({ name, imports }) => {
      const from = path.posix.dirname(name);
      if (from === '.' || from === STARTS_PARTS) return [];
      return imports
        .map(({ file }) => path.posix.dirname(file ?? name))
        .filter((to) => to !== from && to.split('/')[0] === from.split('/')[0] && to !== 'core' && to !== 'core/async')
        .filter((to) => ARROWS[from]?.includes(to) !== true)
        .map((to) => `${name} imports ${to}`);
    });
    assert.deepEqual(wrong, []);
  });

  it('names no arrow that nothing follows', () => {
    const followed = new Set(
      files.flatMap(({ name, imports }) =>
        imports.map(({ file }) => `${path.posix.dirname(name)} → ${path.posix.dirname(file ?? name)}`),
      ),
    );
    const named = Object.entries(ARROWS).flatMap(([from, all]) => all.map((to) => `${from} → ${to}`));
    assert.deepEqual(
      named.filter((arrow) => !followed.has(arrow)),
      [],
    );
  });

  it('has no circle of folders', () => {
    const folders = Object.entries(ARROWS).map(([name, all]) => ({
      name,
      text: '',
      imports: all.map((file) => ({ target: file, file })),
    }));
    assert.deepEqual(findCircle(folders), []);
  });

  it('has no crowded folders', () => {
    const counts = new Map<string, number>();
    for (const { name } of files) {
      const folder = path.posix.dirname(name);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    const crowded = [...counts].filter(([folder, count]) => /^(core|node|shell)/.test(folder) && count > MOST_FILES);
    assert.deepEqual(crowded, []);
  });

  it('has no two files of one name', () => {
    const named = new Map<string, string>();
    const twice = files.flatMap(({ name }) => {
      const base = path.posix.basename(name);
      const other = named.get(base);
      named.set(base, name);
      return other === undefined ? [] : [`${other} and ${name}`];
    });
    assert.deepEqual(twice, []);
  });

  it('imports nothing in a circle, not even for a type', () => {
    assert.deepEqual(findCircle(files), []);
  });

  it('finds a circle where there is one', () => {
    const file = (name: string, ...imported: string[]): SourceFile => ({
      name,
      text: '',
      imports: imported.map((target) => ({ target, file: target })),
    });
    assert.deepEqual(findCircle([file('a', 'b'), file('b', 'c', 'd'), file('c'), file('d', 'b')]), ['b', 'd', 'b']);
  });

  it('has no default exports and no barrels', () => {
    assert.deepEqual(namesOf(files.filter(({ text }) => /^export (default\b|\{[^}]*\bas default\b)/m.test(text))), []);
    assert.deepEqual(namesOf(files.filter(({ name }) => /(^|\/)index\.ts$/.test(name))), []);
  });

  it('has no drawers: every file is named after what it exports', () => {
    assert.deepEqual(
      namesOf(files.filter(({ name }) => /(^|\/)(utils?|helpers?|managers?|common|misc)\b/i.test(name))),
      [],
    );
    assert.deepEqual(namesOf(files.filter(({ name }) => /(Utils?|Helpers?|Manager)\.ts$/.test(name))), []);
  });

  it('has no file over 300 lines', () => {
    assert.deepEqual(namesOf(files.filter(({ text }) => text.trimEnd().split('\n').length > 300)), []);
  });

  it('spells the API’s figures in parseResponse and in the engine only', () => {
    const wire = /avg_logprob|no_speech_prob|compression_ratio/;
    const spelling = files.filter(({ name, text }) => !name.startsWith('engine/') && wire.test(text));
    assert.deepEqual(namesOf(spelling), ['core/endpoints/parseResponse.ts']);
  });
});

function readSources(root: string): SourceFile[] {
  const names = fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll(path.sep, '/'))
    .filter((name) => name.endsWith('.ts'))
    .sort();
  const known = new Set(names);
  return names.map((name) => {
    const text = fs.readFileSync(path.join(root, name), 'utf8');
    return { name, text, imports: importsIn(text).map((target) => resolve(name, target, known)) };
  });
}

function resolve(from: string, target: string, known: ReadonlySet<string>): Import {
  if (!target.startsWith('.')) return { target };
  const file = path.posix.join(path.posix.dirname(from), target);
  const found = [file, `${file}.ts`, `${file}/index.ts`].find((name) => known.has(name));
  // What lies outside src (a package.json, say) has a name that no room has.
  return { target, file: found ?? file };
}

function importsIn(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const statements =
    /^(?:import|export)\s[^;'"=()]*\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]/gm;
  return [...code.matchAll(statements)].flatMap(([, from, alone, called]) => from ?? alone ?? called ?? []);
}

/** The first circle found, as the names on its way; empty where there is none. */
function findCircle(sources: readonly SourceFile[]): string[] {
  const byName = new Map(sources.map((source) => [source.name, source]));
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[]): string[] => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return [];
    for (const { file } of byName.get(name)?.imports ?? []) {
      const circle = file === undefined ? [] : visit(file, [...way, name]);
      if (circle.length > 0) return circle;
    }
    done.add(name);
    return [];
  };
  for (const { name } of sources) {
    const circle = visit(name, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

function namesOf(sources: readonly SourceFile[]): string[] {
  return sources.map(({ name }) => name);
}

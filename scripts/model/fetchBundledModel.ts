import path from 'node:path';
import { prepareWithEngine } from '../../src/node/models/prepareWithEngine';
import { progressSteps, type Print } from '../../test/host/progressSteps';
import { makeBundledModel } from './makeBundledModel';
import { modelPlaces, recipesIdentity } from './modelPlaces';
import { HUB_NAME, weightSources } from './weightSources';

/** How to make the model that is shipped. */
export interface FetchOptions {
  /** The project's folder; its engine is built. */
  readonly root: string;
  /** Debian's pip may be installed where it is needed and there is none. */
  readonly isInstallingPip: boolean;
  readonly print: Print;
}

/**
 * Gets Whisper base and prepares it in `build/model/whisper-base`, which takes a moment where it is there already. Ctrl-C leaves nothing half made.
 *
 * @returns the folder; undefined where no source has the weights, which is printed
 * @throws Error where the engine cannot prepare it, or `Stopped.`
 */
export async function fetchBundledModel({ root, isInstallingPip, print }: FetchOptions): Promise<string | undefined> {
  const stop = new AbortController();
  const onSignal = (): void => {
    stop.abort(new Error('Stopped.'));
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const program = path.join(root, 'dist', 'engine', 'main.js');
  try {
    return await makeBundledModel(
      {
        places: modelPlaces(root),
        sources: weightSources(root, isInstallingPip),
        recipes: await recipesIdentity(root),
        prepare: (sourceFolder, targetFolder, signal) =>
          prepareWithEngine({ program, model: HUB_NAME, sourceFolder, targetFolder }, () => undefined, signal),
        print,
        step: progressSteps(print),
      },
      stop.signal,
    );
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

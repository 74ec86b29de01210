import { NEVER } from '../../core/async/never';
import type { ModelFacts } from '../../core/models/installedFacts';
import { problemOf } from '../../core/errors';
import type { ModelFolders } from './modelFolders';
import { convertWithEngine } from './prepareWithEngine';
import { holdModel, makeModel } from './workOnModel';

/** The models that Minutes 0.3.0 prepared. */
export class OldModels {
  /** Folders that the engine could not convert; not tried again before the next start. */
  private readonly unconvertible = new Set<string>();
  private converting: Promise<void> | undefined;

  /** @param engineProgram the program that converts. @throws MinutesError `engineFilesMissing` */
  constructor(private readonly engineProgram: () => string) {}

  /** Converts each model of Minutes 0.3.0 once. A model that cannot be converted stays as it is and is not listed. */
  async convertAll(folders: ModelFolders): Promise<void> {
    this.converting ??= this.convertEach(folders).finally(() => (this.converting = undefined));
    await this.converting;
  }

  private async convertEach(folders: ModelFolders): Promise<void> {
    for (const { folder, ...facts } of await folders.convertible()) {
      if (this.unconvertible.has(folder)) continue;
      await holdModel(facts.name, folders, async () => {
        const work = (targetFolder: string): Promise<ModelFacts> => this.converted(facts, folder, targetFolder);
        await makeModel(facts.name, folders, work);
      }).catch((error: unknown) => {
        // `modelBusy`: another window converts it.
        if (problemOf(error)?.code !== 'modelBusy') this.unconvertible.add(folder);
      });
    }
  }

  private async converted(facts: ModelFacts, sourceFolder: string, targetFolder: string): Promise<ModelFacts> {
    const order = { program: this.engineProgram(), model: facts.name, sourceFolder, targetFolder };
    return { ...facts, installedBytes: await convertWithEngine(order, NEVER) };
  }
}

import { commands, Disposable, type Uri } from 'vscode';
import { COMMANDS } from '../contributed/commands';
import { ChooseEngineModel } from './chooseEngineModel';
import type { EmbeddedModels } from './embeddedModels';
import { ModelInstaller } from './modelInstaller';

/** The models of the embedded engine: choose, download, measure, remove, add from a folder. */
export function registerModels({ models }: { readonly models: EmbeddedModels }): Disposable {
  const choose = new ChooseEngineModel(models, new ModelInstaller(models));
  return Disposable.from(
    commands.registerCommand(COMMANDS.chooseEngineModel, (name?: string) => choose.run(name)),
    commands.registerCommand(COMMANDS.addEngineModel, (folder?: Uri) => choose.addFolder(folder)),
  );
}

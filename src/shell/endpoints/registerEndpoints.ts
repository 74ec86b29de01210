import { commands, Disposable } from 'vscode';
import { COMMANDS } from '../contributed/commands';
import { moveFormerModel } from '../contributed/moveFormerModel';
import type { OutputLog } from '../editor/outputLog';
import type { EmbeddedModels } from '../models/embeddedModels';
import { chooseEndpoint } from './chooseEndpoint';
import { chooseLanguage } from './chooseLanguage';
import { ChooseModel } from './chooseModel';
import type { KeyStore } from './keyStore';
import { SetApiKey } from './setApiKey';
import { TestEndpoint, type TestEndpointDependencies } from './testEndpoint';

/** What endpoints share with other features. */
export interface EndpointServices extends TestEndpointDependencies {
  readonly keys: KeyStore;
  readonly models: EmbeddedModels;
  readonly log: OutputLog;
}

/** The commands for the endpoint: its key, model and language, its test, and the log. */
export function registerEndpoints(services: EndpointServices): Disposable {
  const { keys, models, log, loadTranscriber } = services;
  const setApiKey = new SetApiKey(keys);
  const chooseModel = new ChooseModel(loadTranscriber);
  const testEndpoint = new TestEndpoint(services);
  // If a settings file cannot be written, the commands work all the same, and the next start tries again.
  moveFormerModel().catch(() => undefined);
  return Disposable.from(
    commands.registerCommand(COMMANDS.chooseEndpoint, () => chooseEndpoint(keys)),
    commands.registerCommand(COMMANDS.setApiKey, (host?: string) => setApiKey.run(host)),
    commands.registerCommand(COMMANDS.chooseModel, () => chooseModel.run()),
    commands.registerCommand(COMMANDS.chooseLanguage, () => chooseLanguage(models)),
    commands.registerCommand(COMMANDS.testEndpoint, () => testEndpoint.run()),
    commands.registerCommand(COMMANDS.showLog, () => {
      log.show();
    }),
  );
}

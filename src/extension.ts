import type { ExtensionContext } from 'vscode';
import { Services } from './services';
import { registerDictation } from './shell/dictation/registerDictation';
import { registerEndpoints } from './shell/endpoints/registerEndpoints';
import { registerMeetings } from './shell/meetings/registerMeetings';
import { registerModels } from './shell/models/registerModels';
import { registerRecording } from './shell/recording/registerRecording';
import { registerTranscription } from './shell/transcription/registerTranscription';
import { registerVocabulary } from './shell/vocabulary/registerVocabulary';

/** What has to end before the window does. */
let services: Services | undefined;

/** Makes the services and hands them to the features. */
export function activate(context: ExtensionContext): void {
  services = new Services(context);
  context.subscriptions.push(
    registerDictation(services),
    registerMeetings(services),
    registerTranscription(services),
    registerVocabulary(services),
    registerEndpoints(services),
    registerModels(services),
    // Last: it offers unfinished recordings to the features that make them.
    registerRecording(services),
  );
}

/** Ends a recording as it is, the engine, and every request and download under way. */
export async function deactivate(): Promise<void> {
  await services?.close();
}

import type { ExtensionContext } from 'vscode';
import { Services } from './services';
import { registerDictation } from './shell/dictation/registerDictation';
import { registerDownloads } from './shell/downloads/registerDownloads';
import { registerEndpoints } from './shell/endpoints/registerEndpoints';
import { registerMeetings } from './shell/meetings/registerMeetings';
import { registerMicrophone } from './shell/microphone/registerMicrophone';
import { registerModels } from './shell/models/registerModels';
import { registerRecording } from './shell/recording/registerRecording';
import { registerTranscription } from './shell/transcription/registerTranscription';
import { registerVocabulary } from './shell/vocabulary/registerVocabulary';

/** The services that must be closed before the window is. */
let services: Services | undefined;

/** Makes the services and hands them to the features. */
export function activate(context: ExtensionContext): void {
  services = new Services(context);
  context.subscriptions.push(
    registerDictation(services),
    registerMeetings(services),
    registerTranscription(services),
    registerDownloads(services),
    registerVocabulary(services),
    registerEndpoints(services),
    registerModels(services),
    registerMicrophone(services),
    // This comes last, because it offers unfinished recordings to the features that make them.
    registerRecording(services),
  );
}

/** Ends a recording (its audio is kept), the engine, and all requests and downloads. */
export async function deactivate(): Promise<void> {
  await services?.close();
}

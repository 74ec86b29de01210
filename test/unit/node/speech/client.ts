import assert from 'node:assert/strict';
import { parseEndpoint, type RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import { MinutesError } from '../../../../src/core/errors';
import { SpeechClient, type SpeechClientOptions } from '../../../../src/node/speech/speechClient';
import type { ScriptedServer } from '../../../fakes/scriptedServer';
import { projectRoot } from '../../../speech';
import { KeptLog } from './asking';

/** What a client is made from, with a key from nowhere, no model and no proxy. */
export function clientOptions(
  storageFolder: string,
  changes: Partial<SpeechClientOptions> = {},
): SpeechClientOptions & { readonly log: KeptLog } {
  const options: Omit<SpeechClientOptions, 'log'> = {
    extensionFolder: projectRoot(),
    storageFolder,
    version: '1.2.3',
    readKey: () => Promise.resolve(undefined),
    embeddedModel: () => Promise.reject(new MinutesError({ code: 'modelMissing' })),
    editorProxy: () => ({ address: '', isOff: true }),
    ...changes,
  };
  return { ...options, log: new KeptLog() };
}

/** Clients that end with their test. */
export function clients(storage: () => string): (changes?: Partial<SpeechClientOptions>) => SpeechClient {
  const made: SpeechClient[] = [];
  afterEach(async () => {
    for (const client of made.splice(0)) await client.dispose();
  });
  return (changes) => {
    const client = new SpeechClient(clientOptions(storage(), changes));
    made.push(client);
    return client;
  };
}

export const EMBEDDED = { kind: 'embedded' } as const;

/** The endpoint that a scripted server is. */
export function remoteAt({ baseUrl }: Pick<ScriptedServer, 'baseUrl'>): RemoteEndpoint {
  const parsed = parseEndpoint(baseUrl);
  assert.equal(parsed.kind, 'remote');
  return parsed;
}

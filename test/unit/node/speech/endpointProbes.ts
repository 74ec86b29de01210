import { NEVER } from '../../../../src/core/async/never';
import type { ProbeResult } from '../../../../src/core/transcription/endpointProbe';
import type { Endpoint, RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import { HttpEndpointProbe } from '../../../../src/node/speech/httpEndpointProbe';
import type { SpeechClient, SpeechClientOptions } from '../../../../src/node/speech/speechClient';
import { ScriptedServer } from '../../../fakes/scriptedServer';
import { spoken } from '../../../fakes/speechAnswers';
import { projectRoot } from '../../../speech';
import { clients, remoteAt } from './client';
import { temporaryFolder } from '../temporaryFolder';

export const KEY = 'gsk_scripted_0123456789abcdef';
export const SAID = spoken('Ask not.', 0.5, 1.5);
export const withKey = { readKey: (): Promise<string> => Promise.resolve(KEY) };

/** What the tests of {@link HttpEndpointProbe} work with. */
export interface EndpointProbes {
  /** The extension's own folder. */
  readonly storage: () => string;
  readonly client: (changes?: Partial<SpeechClientOptions>) => SpeechClient;
  /** With a key, unless the client has none. */
  readonly probe: (by?: SpeechClient) => HttpEndpointProbe;
}

/** A new folder for every test, and clients that end with it. */
export function endpointProbes(): EndpointProbes {
  const storage = temporaryFolder();
  const client = clients(storage);
  return { storage, client, probe: (by = client(withKey)) => new HttpEndpointProbe(by, projectRoot()) };
}

/** A scripted server for every test of the suite around the call, closed behind it. @param begin is given the server and its endpoint */
export function eachWithServer(begin: (server: ScriptedServer, endpoint: RemoteEndpoint) => void): void {
  let server: ScriptedServer;
  beforeEach(async () => {
    server = await ScriptedServer.start();
    begin(server, remoteAt(server));
  });
  afterEach(() => server.close());
}

/** What a test of an endpoint found. */
export async function tested(
  by: HttpEndpointProbe,
  to: Endpoint,
  model?: string,
  signal = NEVER,
): Promise<ProbeResult[]> {
  const results: ProbeResult[] = [];
  for await (const result of by.test(to, model, signal)) results.push(result);
  return results;
}

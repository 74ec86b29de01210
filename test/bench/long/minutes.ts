import path from 'node:path';
import { NEVER } from '../../../src/core/async/never';
import { parseEndpoint } from '../../../src/core/endpoints/endpoint';
import { logLine } from '../../../src/core/transcript/parseLog';
import { openedEntry } from '../../../src/core/transcript/transcriptLog';
import { openRecording } from '../../../src/node/audio/openRecording';
import { FileTranscription } from '../../../src/node/speech/fileTranscription';
import { FileTranscriptStore } from '../../../src/node/transcripts/transcriptFolder';
import { projectRoot } from '../../speech';

/** Minutes as `src/cli.ts` runs it, with its log on the disk. */
export async function minutes(origin: string, file: string, folder: string): Promise<number> {
  const transcription = new FileTranscription({
    extensionFolder: projectRoot(),
    storageFolder: folder,
    version: '0',
    readKey: () => Promise.resolve('k'),
    embeddedModel: () => Promise.reject(new Error('The server is asked, not the engine.')),
    editorProxy: () => ({ address: '', isOff: true }),
    log: { write: () => undefined },
  });
  const recording = await openRecording(file);
  const store = new FileTranscriptStore(path.join(folder, 'transcripts'));
  const { name, sizeBytes, modifiedMs } = recording;
  const opened = openedEntry({ recording: { name, sizeBytes, modifiedMs }, task: 'transcribe' });
  const log = await store.begin('bench', logLine({ ...opened, writtenMs: Date.now() }));
  try {
    const address = parseEndpoint(`${origin}/v1`);
    if (address.kind !== 'remote') throw new Error(`${origin} is no server's address.`);
    // A server on this machine gets one request at a time. This one stands for one elsewhere.
    const endpoint = { ...address, isLoopback: false, provider: 'groq' } as const;
    const wishes = { job: 'meeting', language: 'en', sendsEarly: () => true } as const;
    const events = transcription.transcribeFile(recording, endpoint, wishes, log, NEVER);
    for await (const event of events) if (event.kind === 'waiting') throw new Error(`A wait: ${event.cause}.`);
    const { segments, gaps } = await log.transcript();
    if (gaps.length > 0) throw new Error(`The transcript has ${gaps.length} gaps.`);
    return segments.reduce((sum, { words }) => sum + words.length, 0);
  } finally {
    await log.close();
    await transcription.dispose();
  }
}

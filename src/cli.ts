import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { defined } from './core/async/defined';
import type { EmbeddedModel } from './core/models/embeddedModel';
import { isAbort, MinutesError, problemOf } from './core/errors';
import type { Transcript } from './core/model';
import type { TranscriptionEvent } from './core/transcription/fileTranscriber';
import { EMPTY_TRANSCRIPT } from './core/transcript/appendChunk';
import { renderNote, type NoteLabels } from './core/notes/renderNote';
import { formatTime } from './core/notes/timestamps';
import { parseEndpoint } from './core/endpoints/endpoint';
import { FileTranscription } from './node/speech/fileTranscription';
import { readBundledModel } from './node/models/bundledModel';
import { readModel } from './node/models/modelFolders';
import { openRecording } from './node/audio/openRecording';

/** The pipeline from a terminal, for development, benchmarks and kill tests. The note goes to standard output, progress to standard error. */

const USAGE = `minutes transcribe FILE [--endpoint embedded|groq|openai|mistral|ADDRESS] [--model NAME] [--language CODE]
                        [--translate] [--prompt TEXT] [--model-folder FOLDER] [--storage FOLDER]
                        [--wasm] [--verbose]
The embedded engine runs the prepared Whisper in --model-folder, else the one that comes with Minutes.
The key of a remote endpoint is read from MINUTES_API_KEY.`;

/** This bundle lies in `build`. */
const EXTENSION_FOLDER = path.resolve(__dirname, '..');

const LABELS: NoteLabels = {
  recording: 'Recording',
  length: 'Length',
  date: 'Date',
  engine: 'Transcribed with',
  translation: 'Translated',
  stopped: (at, of) => `Transcription stopped here, at ${at} of ${of}.`,
  notUnderstood: (from, to) => `Not understood: ${from}–${to}`,
};

/** What the command line says. */
type Wishes = ReturnType<typeof parseWishes>['values'];

/** How far a transcription came. */
interface Run {
  readonly transcript: Transcript;
  readonly lengthS: number;
  readonly doneS: number;
  /** Why the transcription ended before the recording does. */
  readonly failure?: unknown;
}

async function main(): Promise<number> {
  const { values, positionals } = parseWishes();
  const [verb, file] = positionals;
  if (verb !== 'transcribe' || file === undefined) {
    console.error(USAGE);
    return 2;
  }
  const stop = new AbortController();
  process.once('SIGINT', () => {
    stop.abort();
  });
  const run = await transcribeFile(file, values, stop.signal);
  if (run.failure !== undefined) console.error(reasonOf(run.failure));
  if (run.transcript.segments.length > 0) process.stdout.write(noteOf(run, file, values));
  return run.failure === undefined ? 0 : 1;
}

function parseWishes() {
  return parseArgs({
    allowPositionals: true,
    options: {
      endpoint: { type: 'string', default: 'embedded' },
      model: { type: 'string' },
      language: { type: 'string' },
      translate: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      prompt: { type: 'string' },
      'model-folder': { type: 'string' },
      wasm: { type: 'boolean', default: false },
      storage: { type: 'string', default: path.join(os.tmpdir(), `minutes-${os.userInfo().username}`) },
    },
  });
}

async function transcribeFile(file: string, wishes: Wishes, signal: AbortSignal): Promise<Run> {
  const { model, language, prompt } = wishes;
  const job = wishes.translate ? 'translation' : 'meeting';
  const options = defined({
    job,
    chosenModels: model === undefined ? undefined : { [job]: model },
    language,
    prompt: prompt === undefined ? undefined : { text: prompt, terms: [] },
  });
  const transcription = openTranscription(wishes);
  let run: Run = { transcript: EMPTY_TRANSCRIPT, lengthS: 0, doneS: 0 };
  try {
    const endpoint = parseEndpoint(wishes.endpoint);
    const recording = await openRecording(path.resolve(file));
    for await (const event of transcription.transcribeFile(recording, endpoint, options, signal))
      run = after(run, event);
    await transcription.forget(recording);
    return run;
  } catch (failure) {
    return { ...run, failure };
  } finally {
    await transcription.dispose();
  }
}

function openTranscription(wishes: Wishes): FileTranscription {
  return new FileTranscription({
    extensionFolder: EXTENSION_FOLDER,
    storageFolder: wishes.storage,
    version: '0',
    readKey: () => Promise.resolve(process.env['MINUTES_API_KEY']),
    embeddedModel: () => embeddedModel(wishes['model-folder'], wishes.wasm),
    editorProxy: () => ({ address: '', isOff: false }),
    log: {
      write: (entry) => {
        if (wishes.verbose) console.error(JSON.stringify(entry));
      },
    },
  });
}

/** Writes the progress to standard error, since the note goes to standard output. */
function after(run: Run, event: TranscriptionEvent): Run {
  switch (event.kind) {
    case 'preparing':
      console.error(`preparing ${formatTime(event.doneS)}`);
      return run;
    case 'waiting':
      console.error(`waiting ${Math.ceil((event.untilMs - Date.now()) / 1000)} s`);
      return run;
    case 'prepared':
      return { ...run, lengthS: event.totalS };
    case 'transcribed': {
      const { transcript, doneS, totalS } = event;
      console.error(`${formatTime(doneS)} of ${formatTime(totalS)} (${Math.floor((100 * doneS) / totalS)} %)`);
      return { transcript, doneS, lengthS: totalS };
    }
    case 'finished':
      return { ...run, transcript: event.transcript };
    case 'uncut':
    case 'asking':
      return run;
  }
}

function reasonOf(failure: unknown): string {
  if (isAbort(failure)) return 'stopped';
  return `minutes: ${problemOf(failure) ? String(failure) : ((failure as Error).stack ?? '')}`;
}

function noteOf({ transcript, lengthS, doneS, failure }: Run, file: string, wishes: Wishes): string {
  const facts = defined({
    name: path.basename(file),
    recordedAt: new Date(),
    lengthS,
    engine: `${wishes.endpoint} (${transcript.models.join(', ')})`,
    translation: wishes.translate ? `from ${transcript.language ?? 'an unknown language'} into en` : undefined,
    stopped:
      failure === undefined
        ? undefined
        : { atS: doneS, reason: failure instanceof Error ? failure.message : 'unknown' },
    labels: LABELS,
  });
  return renderNote(transcript, facts).markdown;
}

async function embeddedModel(folder: string | undefined, isWasm: boolean): Promise<EmbeddedModel> {
  const model = await (folder === undefined ? readBundledModel(EXTENSION_FOLDER) : readModel(path.resolve(folder)));
  if (model) return defined({ model, runtime: isWasm ? 'wasm' : undefined });
  throw new MinutesError(
    folder === undefined ? { code: 'modelMissing' } : { code: 'modelNotInstalled', model: path.resolve(folder) },
  );
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 2;
  },
);

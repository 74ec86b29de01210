import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { defined } from './core/async/defined';
import type { EmbeddedModel } from './core/models/embeddedModel';
import { isAbort, MinutesError, problemOf } from './core/errors';
import { taskOf, type Recording, type Transcript } from './core/model';
import type { TranscriptionEvent, TranscriptionWishes } from './core/transcription/fileTranscriber';
import { placedEntry } from './core/notes/placedEntry';
import { joinBlocks, noteBlocks, type NoteLabels } from './core/notes/renderNote';
import { logNameOf } from './core/transcript/logName';
import type { PlacedBlock } from './core/transcript/logEntries';
import { logLine } from './core/transcript/parseLog';
import { openedEntry, type TranscriptLog } from './core/transcript/transcriptLog';
import { formatTime } from './core/notes/timestamps';
import { parseEndpoint } from './core/endpoints/endpoint';
import { FileTranscription } from './node/speech/fileTranscription';
import { readBundledModel } from './node/models/bundledModel';
import { readModel } from './node/models/modelFolders';
import { openRecording } from './node/audio/openRecording';
import { replaceFile } from './node/system/replaceFile';
import { FileTranscriptStore } from './node/transcripts/transcriptFolder';

/**
 * The pipeline from a terminal, for development, benchmarks and kill tests. The note goes to standard output or a file, progress to
 * standard error. A run that was killed continues where it was when it is started again.
 */

const USAGE = `minutes transcribe FILE [--endpoint embedded|groq|openai|mistral|ADDRESS] [--model NAME] [--language CODE]
                        [--translate] [--prompt TEXT] [--model-folder FOLDER] [--storage FOLDER]
                        [--note FILE] [--again] [--wasm] [--verbose]
A recording that was transcribed before is asked for again only with --again.
With --note the note goes to that file, and its log beside it.
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
  notTranscribed: (from, to) => `Not transcribed: ${from}–${to}`,
  incomplete: (gapCount) => `Incomplete: ${gapCount} ${gapCount === 1 ? 'gap' : 'gaps'}`,
  doubtful: '(?)',
};

/** What the command line says. */
type Wishes = ReturnType<typeof parseWishes>['values'];

/** How far a transcription came. */
interface Run {
  readonly recording: Recording;
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
  const recording = await openRecording(path.resolve(file));
  const store = new FileTranscriptStore(path.join(values.storage, 'transcripts'));
  const id = runId(recording, values);
  const log = await openLog(store, id, recording, values);
  try {
    const run = await transcribeFile(recording, log, values, stop.signal);
    if (run.failure !== undefined) console.error(reasonOf(run.failure));
    const transcript = await log.transcript();
    if (transcript.segments.length > 0 || (run.failure === undefined && transcript.gaps.length > 0)) {
      // The log counts as finished only when the note is written: until then a run that is killed must be able to write it.
      await write(noteOf(transcript, run, values), log, values);
    }
    if (run.failure === undefined && !log.isSettled) await log.append({ kind: 'settled' });
    if (values.note !== undefined) await replaceFile(logFile(values.note), await store.read(id));
    return run.failure === undefined ? 0 : 1;
  } finally {
    await log.close();
  }
}

/** The same file and wishes give the same run; the prompt may differ. */
function runId({ path: file, sizeBytes, modifiedMs }: Recording, wishes: Wishes): string {
  const { endpoint, model, language, translate } = wishes;
  const facts = [
    file,
    sizeBytes,
    modifiedMs,
    endpoint,
    model ?? wishes['model-folder'] ?? '',
    language ?? '',
    translate,
  ];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}

/** The log of an earlier run, or a new one. A chunk that has its answer is not asked for again, also where the run was finished. */
async function openLog(
  store: FileTranscriptStore,
  id: string,
  recording: Recording,
  wishes: Wishes,
): Promise<TranscriptLog> {
  const known = wishes.again ? undefined : await store.open(id);
  if (known?.isSettled === true) console.error('transcribed before: with --again everything is asked for once more');
  if (known) return known;
  const { name, sizeBytes, modifiedMs } = recording;
  const { language } = wishes;
  const task = taskOf(wishes.translate ? 'translation' : 'meeting');
  const opened = openedEntry(defined({ recording: { name, sizeBytes, modifiedMs }, task, language }));
  return store.begin(id, logLine({ ...opened, writtenMs: Date.now() }));
}

function logFile(note: string): string {
  return path.join(path.dirname(note), logNameOf(path.basename(note)));
}

async function write(blocks: readonly PlacedBlock[], log: TranscriptLog, { note }: Wishes): Promise<void> {
  const text = joinBlocks(blocks);
  if (note === undefined) {
    await new Promise<void>((resolve) => {
      process.stdout.write(text, () => {
        resolve();
      });
    });
    return;
  }
  await replaceFile(path.resolve(note), text);
  const entry = placedEntry(log.placed, path.basename(note), blocks);
  if (entry) await log.append(entry);
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
      note: { type: 'string' },
      again: { type: 'boolean', default: false },
      wasm: { type: 'boolean', default: false },
      storage: { type: 'string', default: path.join(os.tmpdir(), `minutes-${os.userInfo().username}`) },
    },
  });
}

async function transcribeFile(
  recording: Recording,
  log: TranscriptLog,
  wishes: Wishes,
  signal: AbortSignal,
): Promise<Run> {
  const { model, language, prompt } = wishes;
  const job = wishes.translate ? 'translation' : 'meeting';
  const options: TranscriptionWishes = defined({
    job,
    chosenModels: model === undefined ? undefined : { [job]: model },
    language,
    prompt: prompt === undefined ? undefined : { text: prompt, terms: [] },
    sendsEarly: () => wishes.endpoint !== 'embedded',
  });
  const transcription = openTranscription(wishes);
  let run: Run = { recording, lengthS: 0, doneS: 0 };
  try {
    const endpoint = parseEndpoint(wishes.endpoint);
    for await (const event of transcription.transcribeFile(recording, endpoint, options, log, signal))
      run = after(run, event);
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
      const { doneS, totalS } = event;
      console.error(`${formatTime(doneS)} of ${formatTime(totalS)} (${Math.floor((100 * doneS) / totalS)} %)`);
      return { ...run, doneS, lengthS: totalS };
    }
    case 'planned':
      console.error(`${event.plan.requestS.length} requests`);
      return run;
    case 'finished':
    case 'uncut':
    case 'words':
    case 'asking':
      return run;
  }
}

function reasonOf(failure: unknown): string {
  if (isAbort(failure)) return 'stopped';
  return `minutes: ${problemOf(failure) ? String(failure) : ((failure as Error).stack ?? '')}`;
}

function noteOf(transcript: Transcript, { recording, lengthS, doneS, failure }: Run, wishes: Wishes): PlacedBlock[] {
  const models = transcript.writers.map(({ model }) => model);
  const facts = defined({
    name: recording.name,
    recordedAt: new Date(recording.modifiedMs),
    lengthS,
    engine: `${wishes.endpoint} (${models.join(', ')})`,
    translation: wishes.translate ? `from ${transcript.language ?? 'an unknown language'} into en` : undefined,
    stopped:
      failure === undefined
        ? undefined
        : { atS: doneS, reason: failure instanceof Error ? failure.message : 'unknown' },
    labels: LABELS,
  });
  return noteBlocks(transcript, facts);
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

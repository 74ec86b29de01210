import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { EmbeddedModel } from './core/models/embeddedModel';
import { isAbort, MinutesError, problemOf } from './core/errors';
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

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
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
  const [verb, file] = positionals;
  if (verb !== 'transcribe' || file === undefined) {
    console.error(USAGE);
    return 2;
  }
  const stop = new AbortController();
  process.once('SIGINT', () => {
    stop.abort();
  });
  const { model, language, prompt } = values;
  const options = {
    task: values.translate ? 'translate' : 'transcribe',
    ...(model === undefined ? {} : { model }),
    ...(language === undefined ? {} : { language }),
    ...(prompt === undefined ? {} : { prompt: { text: prompt, terms: [] } }),
  } as const;
  const transcription = new FileTranscription({
    extensionFolder: EXTENSION_FOLDER,
    storageFolder: values.storage,
    version: '0',
    readKey: () => Promise.resolve(process.env['MINUTES_API_KEY']),
    embeddedModel: () => embeddedModel(values['model-folder'], values.wasm),
    editorProxy: () => ({ address: '', isOff: false }),
    log: {
      write: (entry) => {
        if (values.verbose) console.error(JSON.stringify(entry));
      },
    },
  });
  let [transcript, lengthS, doneS] = [EMPTY_TRANSCRIPT, 0, 0];
  let failure: unknown;
  try {
    const endpoint = parseEndpoint(values.endpoint);
    const recording = await openRecording(path.resolve(file));
    for await (const event of transcription.transcribeFile(recording, endpoint, options, stop.signal)) {
      if (event.kind === 'preparing') console.error(`preparing ${formatTime(event.doneS)}`);
      if (event.kind === 'waiting') console.error(`waiting ${Math.ceil((event.untilMs - Date.now()) / 1000)} s`);
      if (event.kind === 'prepared') lengthS = event.totalS;
      if (event.kind === 'transcribed') {
        ({ transcript, doneS, totalS: lengthS } = event);
        console.error(`${formatTime(doneS)} of ${formatTime(lengthS)} (${Math.floor((100 * doneS) / lengthS)} %)`);
      }
    }
    await transcription.forget(recording);
  } catch (error) {
    failure = error;
    console.error(
      isAbort(error) ? 'stopped' : `minutes: ${problemOf(error) ? String(error) : ((error as Error).stack ?? '')}`,
    );
  } finally {
    await transcription.dispose();
  }
  if (transcript.segments.length > 0) {
    const { markdown } = renderNote(transcript, {
      name: path.basename(file),
      recordedAt: new Date(),
      lengthS,
      engine: `${values.endpoint} (${transcript.models.join(', ')})`,
      ...(values.translate ? { translation: `from ${transcript.language ?? 'an unknown language'} into en` } : {}),
      ...(failure === undefined
        ? {}
        : { stopped: { atS: doneS, reason: failure instanceof Error ? failure.message : 'unknown' } }),
      labels: LABELS,
    });
    process.stdout.write(markdown);
  }
  return failure === undefined ? 0 : 1;
}

async function embeddedModel(folder: string | undefined, isWasm: boolean): Promise<EmbeddedModel> {
  const model = await (folder === undefined ? readBundledModel(EXTENSION_FOLDER) : readModel(path.resolve(folder)));
  if (model) return { model, ...(isWasm ? { runtime: 'wasm' } : {}) };
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

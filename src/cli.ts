import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { EmbeddedModel } from './core/engineModels/embeddedModel';
import type { InstalledModel } from './core/engineModels/engineModel';
import { parseModelFacts } from './core/engineModels/modelFacts';
import { isAbort, MinutesError, problemOf } from './core/errors';
import { EMPTY_TRANSCRIPT } from './core/transcript/appendChunk';
import { renderNote, type NoteLabels } from './core/notes/renderNote';
import { formatTime } from './core/notes/timestamps';
import { parseEndpoint } from './core/speech/endpoint';
import { FileTranscription } from './node/fileTranscription';
import { openRecording } from './node/openRecording';

/** The pipeline from a terminal, for development, benchmarks and kill tests. The note goes to standard output, progress to standard error. */

const USAGE = `minutes transcribe FILE [--endpoint embedded|groq|openai|mistral|ADDRESS] [--model NAME] [--language CODE]
                        [--translate] [--prompt TEXT] [--model-folder FOLDER] [--model-path FOLDER] [--storage FOLDER]
                        [--wasm] [--verbose]
The embedded engine runs the installed Whisper in --model-folder, else the Vosk model in --model-path, else its small one.
The key of a remote endpoint is read from MINUTES_API_KEY.`;

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
      'model-path': { type: 'string' },
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
    extensionFolder: path.resolve(__dirname, '..'),
    storageFolder: values.storage,
    version: '0',
    readKey: () => Promise.resolve(process.env['MINUTES_API_KEY']),
    embeddedModel: () => embeddedModel(values['model-folder'], values['model-path'], values.wasm),
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

async function embeddedModel(
  whisperFolder: string | undefined,
  voskFolder: string | undefined,
  isWasm: boolean,
): Promise<EmbeddedModel> {
  if (whisperFolder !== undefined) {
    const model = await readInstalledModel(path.resolve(whisperFolder));
    return { kind: 'whisper', model, ...(isWasm ? { runtime: 'wasm' } : {}) };
  }
  return { kind: 'vosk', ...(voskFolder === undefined ? {} : { modelPath: path.resolve(voskFolder) }) };
}

async function readInstalledModel(folder: string): Promise<InstalledModel> {
  const text = await fs.readFile(path.join(folder, 'model.json'), 'utf8').catch(() => '');
  const facts = parseModelFacts(text);
  if (!facts) throw new MinutesError({ code: 'modelNotInstalled', model: folder });
  return { folder, ...facts };
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

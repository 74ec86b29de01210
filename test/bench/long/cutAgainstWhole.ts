import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { defined } from '../../../src/core/async/defined';
import { NEVER } from '../../../src/core/async/never';
import { int16ToBytes, samplesToSeconds, secondsToSamples } from '../../../src/core/audio/pcm';
import { wavHeader } from '../../../src/core/audio/wav';
import { EMBEDDED } from '../../../src/core/model';
import type { InstalledModel } from '../../../src/core/models/engineModel';
import { openedEntry, TranscriptLog } from '../../../src/core/transcript/transcriptLog';
import { openRecording } from '../../../src/node/audio/openRecording';
import { FileTranscription } from '../../../src/node/speech/fileTranscription';
import { preparedModel } from '../../preparedModel';
import { projectRoot, speechFolder, type SpeechFile } from '../../speech';
import { seededRandom } from '../../unit/core/random';
import { startEmbedded } from '../engine/embeddedProgram';
import { countErrors, errorRate, type Errors } from '../engine/errorRates';
import { isEnglish, isMeeting } from '../engine/testFiles';
import type { BenchOptions } from '../report';
import { decodedWith } from '../upload/flacPeer';
import { needFfmpeg } from './longRecordings';
import type { LongPart } from './longRuns';

const GOAL_POINTS = 0.2;
/** Each order of the clips, with pauses of its own, makes other chunks. */
const ORDERS = [1, 2, 3];
const QUICK_ORDERS = [1];
/** Between two clips, in seconds. */
const SHORTEST_PAUSE_S = 0.4;
const LONGEST_PAUSE_S = 4;
/** A recording ends with the clip that makes it longer than this, in seconds. */
const RECORDING_S = 150;
/** Pauses hold a little noise: no microphone is silent. */
const ROOM_LEVEL = 4;
const SEED = 1;

const KINDS: readonly (readonly [title: string, isOfKind: (file: SpeechFile) => boolean])[] = [
  ['LJ readings', ({ file }) => file.startsWith('lj/')],
  ['AMI meetings', isMeeting],
];

/** Clips behind each other, with pauses between. */
interface JoinedRecording {
  readonly kind: string;
  readonly samples: Int16Array;
  readonly reference: string;
}

interface Heard {
  readonly kind: string;
  readonly texts: { readonly reference: string; readonly whole: string; readonly cut: string };
  readonly whole: Errors;
  readonly cut: Errors;
  readonly seconds: number;
  readonly requests: number;
}

/** Whisper base hears recordings of some minutes in one request each, and as Minutes cuts them. */
export async function measureCutting({ isQuick, rawFile }: BenchOptions): Promise<LongPart> {
  const model = await preparedModel();
  if ('absent' in model) {
    const remarks = [`Cut and whole are not compared: ${model.absent}.`];
    return { table: { title: 'cut and whole', rows: [] }, goals: [], remarks };
  }
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'minutes-cut-'));
  const hearers = await startHearers(model, folder);
  try {
    const heard: Heard[] = [];
    for (const recording of await joinedRecordings(isQuick ? QUICK_ORDERS : ORDERS)) {
      const file = path.join(folder, 'joined.wav');
      const bytes = int16ToBytes(recording.samples);
      await fs.writeFile(file, Buffer.concat([wavHeader(bytes.length), bytes]));
      const [whole, cut] = [await hearers.whole(file), await hearers.cut(file)];
      const errorsOf = (text: string): Errors => countErrors(recording.reference, text, 'en');
      const seconds = samplesToSeconds(recording.samples.length);
      heard.push({
        kind: recording.kind,
        texts: { reference: recording.reference, whole, cut: cut.text },
        whole: errorsOf(whole),
        cut: errorsOf(cut.text),
        seconds,
        requests: cut.requests,
      });
      if (rawFile !== undefined) await fs.writeFile(rawFile, JSON.stringify(heard));
    }
    return reportCutting(heard);
  } finally {
    await hearers.stop();
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** The clips in seeded orders. */
async function joinedRecordings(orders: readonly number[]): Promise<JoinedRecording[]> {
  const ffmpeg = needFfmpeg();
  const { folder, manifest } = speechFolder();
  const recordings: JoinedRecording[] = [];
  for (const [kind, isOfKind] of KINDS) {
    const clips: { readonly samples: Int16Array; readonly reference: string }[] = [];
    for (const { file, reference = '' } of manifest.filter((one) => isEnglish(one) && isOfKind(one)))
      clips.push({ samples: await decodedWith(ffmpeg, path.join(folder, file)), reference });
    for (const seed of orders) {
      const random = seededRandom(seed);
      const order = clips.map((clip) => ({ clip, place: random() })).sort((a, b) => a.place - b.place);
      let parts: Int16Array[] = [];
      let texts: string[] = [];
      for (const [i, { clip }] of order.entries()) {
        parts.push(clip.samples, pause(random));
        texts.push(clip.reference);
        const length = parts.reduce((sum, part) => sum + part.length, 0);
        if (samplesToSeconds(length) < RECORDING_S && i < order.length - 1) continue;
        recordings.push({ kind, samples: joined(parts), reference: texts.join(' ') });
        [parts, texts] = [[], []];
      }
    }
  }
  return recordings;
}

function pause(random: () => number): Int16Array {
  const lengthS = SHORTEST_PAUSE_S + (LONGEST_PAUSE_S - SHORTEST_PAUSE_S) * random();
  return Int16Array.from({ length: secondsToSamples(lengthS) }, () => Math.round((2 * random() - 1) * ROOM_LEVEL));
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const samples = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  return samples;
}

interface Hearers {
  whole(file: string): Promise<string>;
  cut(file: string): Promise<{ readonly text: string; readonly requests: number }>;
  stop(): Promise<void>;
}

/** The engine that gets a file in one request, and Minutes with an engine of its own. */
async function startHearers(model: InstalledModel, folder: string): Promise<Hearers> {
  const engine = await startEmbedded('whole', { model });
  const transcription = new FileTranscription({
    extensionFolder: projectRoot(),
    storageFolder: path.join(folder, 'work'),
    version: '0',
    readKey: () => Promise.resolve(undefined),
    embeddedModel: () => Promise.resolve({ model }),
    editorProxy: () => ({ address: '', isOff: true }),
    log: { write: () => undefined },
  });
  return {
    whole: async (wavFile) =>
      (await engine.transcribe({ wavFile, language: 'en', task: 'transcribe', seed: SEED })).text,
    cut: async (file) => {
      const recording = await openRecording(file);
      const opened = openedEntry(defined({ recording, task: 'transcribe' as const }));
      const log = new TranscriptLog([{ ...opened, writtenMs: 0 }]);
      let requests = 0;
      const wishes = { job: 'meeting', language: 'en' } as const;
      for await (const event of transcription.transcribeFile(recording, EMBEDDED, wishes, log, NEVER))
        if (event.kind === 'planned') requests = event.plan.requestS.length;
      return {
        text: log
          .fold()
          .segments.map((segment) => segment.text)
          .join(' '),
        requests,
      };
    },
    stop: async () => {
      await engine.stop();
      await transcription.dispose();
    },
  };
}

function reportCutting(heard: readonly Heard[]): LongPart {
  const row = (title: string, some: readonly Heard[]): string[] => {
    const sum = (value: (one: Heard) => number): number => some.reduce((total, one) => total + value(one), 0);
    const [whole, cut] = [errorRate(some.map((one) => one.whole)), errorRate(some.map((one) => one.cut))];
    const counts = [
      some.length,
      sum(({ seconds }) => seconds),
      sum(({ requests }) => requests),
      sum((one) => one.whole.units),
    ];
    return [
      title,
      ...counts.map((count) => count.toFixed(0)),
      whole.toFixed(2),
      cut.toFixed(2),
      (cut - whole).toFixed(2),
    ];
  };
  const points = errorRate(heard.map(({ cut }) => cut)) - errorRate(heard.map(({ whole }) => whole));
  return {
    table: {
      title: 'cut and whole',
      rows: [
        ['', 'recordings', 'seconds', 'requests', 'words', 'whole, wrong %', 'cut, wrong %', 'points'],
        ...KINDS.map(([kind]) =>
          row(
            kind,
            heard.filter((one) => one.kind === kind),
          ),
        ),
        row('together', heard),
      ],
    },
    goals: [
      {
        name: 'cut: wrong words above the whole',
        value: Math.round(points * 100) / 100,
        unit: 'points',
        goal: GOAL_POINTS,
      },
    ],
    remarks: [
      'Whisper base in the embedded engine, the language told, no prompt. The whole is one request of some minutes.',
    ],
  };
}

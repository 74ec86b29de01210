import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SAMPLE_RATE_HZ } from '../../../../src/core/model';
import { logNameOf } from '../../../../src/core/transcript/logName';
import { parseLog } from '../../../../src/core/transcript/parseLog';
import { fold } from '../../../../src/core/transcript/transcriptLog';
import type { WrittenEntry } from '../../../../src/core/transcript/logEntries';
import type { RecordedRequest, ScriptedAnswer, ScriptedServer } from '../../../fakes/scriptedServer';
import { groqVerboseJson, type SpokenSegment } from '../../../fakes/speechAnswers';
import { uploadedSampleCount } from '../../../fakes/uploads';
import { projectRoot } from '../../../speech';

/** When a run of the command line is killed. */
export type Moment =
  /** When its request with this number (from 1) is there, before it is answered. */
  | { readonly kind: 'arrived'; readonly number: number }
  /** So long after the answer to its request with this number is out. */
  | { readonly kind: 'answered'; readonly number: number; readonly afterMs: number }
  /** So long after its start, or when its request with this number is there, whichever comes first. */
  | { readonly kind: 'elapsed'; readonly number: number; readonly afterMs: number };

const ANSWER_AFTER_MS = 4;
const SENTENCE_S = 3;

/** What the samples of a request are called in its answer. */
export function nameOf({ files }: RecordedRequest): string {
  const bytes = files[0]?.bytes;
  assert.ok(bytes);
  return createHash('sha256').update(bytes).digest('hex').slice(0, 12);
}

/** An answer that depends on nothing but the samples: sentences that name them, with their words. */
export function answerTo(request: RecordedRequest): ScriptedAnswer {
  const lengthS = uploadedSampleCount(request.files[0]) / SAMPLE_RATE_HZ;
  const segments: SpokenSegment[] = [];
  for (let start = 0; start < lengthS; start += SENTENCE_S) {
    const end = Math.min(lengthS, start + SENTENCE_S);
    segments.push({ start, end, text: `Of ${nameOf(request)} sentence number ${segments.length}.` });
  }
  return { ...groqVerboseJson({ segments }), delayMs: ANSWER_AFTER_MS };
}

/** A recording that the command line transcribes into a note, by any number of processes one after the other. */
export class KilledRun {
  /** How many processes were killed. */
  kills = 0;
  private readonly note: string;

  /**
   * @param folder where everything of this run lies
   * @param file the recording
   */
  constructor(
    private readonly folder: string,
    private readonly file: string,
    private readonly server: ScriptedServer,
  ) {
    this.note = path.join(folder, 'note.md');
  }

  /** Starts a process and kills it at the moment, if it has not ended before. */
  async start(moment?: Moment): Promise<void> {
    const args = [path.join(projectRoot(), 'build', 'cli.js'), 'transcribe', this.file];
    const places = ['--storage', this.folder, '--note', this.note, '--endpoint', this.server.baseUrl];
    const child = spawn(process.execPath, [...args, ...places], { stdio: ['ignore', 'ignore', 'pipe'] });
    const kill = async (afterMs = 0): Promise<void> => {
      if (afterMs > 0) await sleep(afterMs);
      child.kill('SIGKILL');
    };
    this.server.play((request, index) => {
      if (index + 1 !== moment?.number) return answerTo(request);
      if (moment.kind === 'answered') void request.over.then(() => kill(moment.afterMs));
      else void kill();
      return answerTo(request);
    });
    if (moment?.kind === 'elapsed') void kill(moment.afterMs);
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code === null) this.kills++;
    else assert.equal(code, 0, said);
  }

  /** Whether everything is written: the last file is there. */
  async isOver(): Promise<boolean> {
    return (await this.read(logNameOf('note.md'))) !== '';
  }

  /** What the log in the storage holds. */
  async logged(): Promise<WrittenEntry[]> {
    const folder = path.join(this.folder, 'transcripts');
    const names = (await fs.readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jsonl'));
    assert.ok(names.length <= 1, names.join());
    const text = names[0] === undefined ? '' : await fs.readFile(path.join(folder, names[0]), 'utf8');
    return parseLog(text.slice(0, text.lastIndexOf('\n') + 1));
  }

  /** What has become of the run when it is over. */
  async outcome(): Promise<object> {
    const entries = parseLog(await this.read(logNameOf('note.md')));
    const transcript = fold(entries);
    assert.ok(transcript.segments.length > 0);
    return { note: await this.read('note.md'), transcript, lastEntry: entries.at(-1)?.kind };
  }

  private async read(name: string): Promise<string> {
    return fs.readFile(path.join(this.folder, name), 'utf8').catch(() => '');
  }
}

import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { int16ToBytes } from '../../../../src/core/audio/pcm';
import { SAMPLE_RATE_HZ } from '../../../../src/core/model';
import { ScriptedServer } from '../../../fakes/scriptedServer';
import { seededRandom } from '../../core/random';
import { sharedFolder } from '../temporaryFolder';
import { wavOf } from '../wavFile';
import { PREPARED } from './fileTranscriptions';
import { KilledRun, nameOf, type Moment } from './killedRun';

const LENGTH_S = 300;
/** Each is killed four times. */
const RUNS = 5;

/** The command line with an endpoint, killed at moments of every kind, and started again until it ends. */
describe('A run that is killed', function () {
  this.timeout(240_000);
  const folder = sharedFolder();
  let server: ScriptedServer;
  let file: string;
  /** What the same run gives when nobody kills it, how many requests it needs, and how long it takes. */
  let undisturbed: { readonly outcome: object; readonly requestCount: number; readonly tookMs: number };

  before(async () => {
    server = await ScriptedServer.start();
    file = path.join(folder(), 'talk.wav');
    await fs.writeFile(file, wavOf(int16ToBytes(bursts(LENGTH_S)), PREPARED));
    const begun = performance.now();
    const run = await newRun('undisturbed');
    await run.start();
    const tookMs = performance.now() - begun;
    undisturbed = { outcome: await run.outcome(), requestCount: server.requests.length, tookMs };
    assert.ok(undisturbed.requestCount >= 10, String(undisturbed.requestCount));
  });
  after(() => server.close());

  async function newRun(name: string): Promise<KilledRun> {
    const place = path.join(folder(), name);
    await fs.mkdir(place);
    return new KilledRun(place, file, server);
  }

  for (let number = 1; number <= RUNS; number++) {
    it(`asks for nothing twice that was on the disk, and ends as any other: ${number}`, async () => {
      const random = seededRandom(number);
      const run = await newRun(`run ${number}`);
      const before = server.requests.length;
      /** The chunks whose answers were on the disk when a process died. */
      const safe = new Set<string>();
      for (const kind of kinds(random)) {
        await start(run, safe, momentOf(kind, random, undisturbed.requestCount - safe.size));
        for (const entry of await run.logged())
          if (entry.kind === 'answered') safe.add(/Of (\w+)/.exec(entry.text)?.[1] ?? 'no chunk');
      }
      if (!(await run.isOver())) await start(run, safe);
      assert.deepEqual(await run.outcome(), undisturbed.outcome);
      // A server on this machine is asked for one chunk at a time.
      const asked = server.requests.length - before;
      assert.ok(run.kills >= 3, `${run.kills} kills`);
      assert.ok(asked <= undisturbed.requestCount + run.kills, `${asked} requests, ${run.kills} kills`);
    });
  }

  /** Starts a process, which must not ask for what is safe. */
  async function start(run: KilledRun, safe: ReadonlySet<string>, moment?: Moment): Promise<void> {
    // Where a process was killed behind its last step, another would begin anew, as after any run that is over.
    if (await run.isOver()) return;
    const before = server.requests.length;
    await run.start(moment);
    const again = server.requests.slice(before).filter((request) => safe.has(nameOf(request)));
    assert.deepEqual(again.map(nameOf), [], JSON.stringify(moment));
  }

  /** Three kinds in any order, then the end of the run. */
  function kinds(random: () => number): readonly (Moment['kind'] | 'last')[] {
    const first = (['arrived', 'answered', 'elapsed'] as const)
      .map((kind) => ({ kind, key: random() }))
      .sort((a, b) => a.key - b.key);
    return [...first.map(({ kind }) => kind), 'last'];
  }

  /** @param missing how many chunks have no answer yet */
  function momentOf(kind: Moment['kind'] | 'last', random: () => number, missing: number): Moment {
    const number = Math.min(missing, 1 + Math.floor(random() * 3));
    switch (kind) {
      case 'arrived':
        return { kind, number };
      case 'answered':
        return { kind, number, afterMs: Math.floor(random() * 12) };
      case 'elapsed':
        return { kind, number: Math.ceil(missing / 2), afterMs: Math.floor(random() * undisturbed.tookMs) };
      case 'last':
        return { kind: 'answered', number: missing, afterMs: Math.floor(random() * 30) };
    }
  }
});

/** Bursts of noise whose loudness goes up and down as syllables do, with pauses between: no two stretches are the same. */
function bursts(seconds: number): Int16Array {
  const random = seededRandom();
  const samples = new Int16Array(seconds * SAMPLE_RATE_HZ);
  for (let at = 0; at < samples.length;) {
    const length = Math.floor((1 + 4 * random()) * SAMPLE_RATE_HZ);
    for (let i = 0; i < length && at + i < samples.length; i++) {
      const loudness = 4000 * (1 + Math.sin((2 * Math.PI * 4 * i) / SAMPLE_RATE_HZ));
      samples[at + i] = Math.round((random() * 2 - 1) * loudness);
    }
    at += length + Math.floor((0.3 + 1.5 * random()) * SAMPLE_RATE_HZ);
  }
  return samples;
}

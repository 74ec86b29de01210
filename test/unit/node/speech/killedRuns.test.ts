import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { secondsToSamples } from '../../../../src/core/audio/pcm';
import { OVERLAP_S } from '../../../../src/core/audio/planChunks';
import { ScriptedServer } from '../../../fakes/scriptedServer';
import { seededRandom } from '../../core/random';
import { sharedFolder } from '../temporaryFolder';
import { KilledRun, nameOf, type Moment } from './killedRun';
import { KILLED_RECORDINGS, makeKilledRecording } from './killedRecordings';

const LENGTH_S = 110;
/** Of each recording; fifty together. */
const KILLS = 5;
/** A process may end before it is killed. A run has four kills or more where none does. */
const MOST_RUNS = 4;

/** What a run gives when nobody kills it, how many requests it needs, and how long it takes. */
interface Undisturbed {
  readonly outcome: object;
  readonly requestCount: number;
  readonly tookMs: number;
}

type MomentKind = Moment['kind'] | 'preparing' | 'last';

/** The command line with an endpoint, killed at moments of every kind, and started again until it ends. */
describe('A run that is killed', function () {
  this.timeout(120_000);
  const folder = sharedFolder();
  let server: ScriptedServer;

  before(async () => {
    server = await ScriptedServer.start();
  });
  after(() => server.close());

  for (const [number, recording] of KILLED_RECORDINGS.entries()) {
    it(`asks for nothing twice that was on the disk, and ends as any other (${recording.name})`, async function () {
      const file = path.join(folder(), recording.name);
      await makeKilledRecording(this, recording, file, LENGTH_S);
      const undisturbed = await leaveAlone(file, recording.isUnpaused);
      const random = seededRandom(number + 1);
      let kills = 0;
      for (let n = 1; n <= MOST_RUNS && kills < KILLS; n++) {
        const run = await newRun(file, `run ${n}`);
        await killAndResume(run, random, KILLS - kills, undisturbed);
        kills += run.kills;
      }
      assert.equal(kills, KILLS);
    });
  }

  async function newRun(file: string, name: string): Promise<KilledRun> {
    const place = path.join(folder(), `${path.basename(file)} ${name}`);
    await fs.mkdir(place);
    return new KilledRun(place, file, server);
  }

  async function leaveAlone(file: string, isUnpaused: boolean): Promise<Undisturbed> {
    const run = await newRun(file, 'undisturbed');
    const [begun, before] = [performance.now(), server.requests.length];
    await run.start();
    const [tookMs, requestCount] = [performance.now() - begun, server.requests.length - before];
    assert.ok(requestCount >= 5, String(requestCount));
    const answered = (await run.logged()).flatMap((entry) => (entry.kind === 'answered' ? [entry] : []));
    const overlaps = answered.slice(1).map((entry, i) => (answered[i]?.endSample ?? 0) - entry.startSample);
    const isEach = overlaps.every((overlap) => overlap === secondsToSamples(OVERLAP_S));
    assert.equal(isEach, isUnpaused, overlaps.join());
    return { outcome: await run.outcome(), requestCount, tookMs };
  }

  /** @param most kills that the run is to get */
  async function killAndResume(
    run: KilledRun,
    random: () => number,
    most: number,
    undisturbed: Undisturbed,
  ): Promise<void> {
    const before = server.requests.length;
    /** The chunks whose answers were on the disk when a process died. */
    const safe = new Set<string>();
    for (const kind of kinds(random)) {
      if (run.kills === most) break;
      await start(run, safe, momentOf(kind, random, undisturbed.requestCount - safe.size, undisturbed));
      for (const entry of await run.logged())
        if (entry.kind === 'answered') safe.add(/Of (\w+)/.exec(entry.text)?.[1] ?? 'no chunk');
    }
    if (!(await run.isOver())) await start(run, safe);
    assert.deepEqual(await run.outcome(), undisturbed.outcome);
    // A server on this machine is asked for one chunk at a time.
    const asked = server.requests.length - before;
    assert.ok(asked >= undisturbed.requestCount, `${asked} requests`);
    assert.ok(asked <= undisturbed.requestCount + run.kills, `${asked} requests, ${run.kills} kills`);
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
});

/** Four kinds in any order, then the end of the run. */
function kinds(random: () => number): readonly MomentKind[] {
  const first = (['preparing', 'arrived', 'answered', 'elapsed'] as const)
    .map((kind) => ({ kind, key: random() }))
    .sort((a, b) => a.key - b.key);
  return [...first.map(({ kind }) => kind), 'last'];
}

/** @param missing how many chunks have no answer yet */
function momentOf(kind: MomentKind, random: () => number, missing: number, { tookMs }: Undisturbed): Moment {
  const number = Math.min(missing, 1 + Math.floor(random() * 2));
  switch (kind) {
    case 'preparing':
      // Half of the time passes before the first request: the program starts, and the file is decoded.
      return { kind: 'elapsed', number: 1, afterMs: Math.floor((0.2 + 0.4 * random()) * tookMs) };
    case 'arrived':
      return { kind, number };
    case 'answered':
      return { kind, number, afterMs: Math.floor(random() * 12) };
    case 'elapsed':
      return { kind, number: Math.ceil(missing / 2), afterMs: Math.floor(random() * tookMs) };
    case 'last':
      return { kind: 'answered', number: missing, afterMs: Math.floor(random() * 30) };
  }
}

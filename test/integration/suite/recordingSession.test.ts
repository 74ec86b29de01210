import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { Level } from '../../../src/core/capture/levelMeter';
import type { SessionPurpose } from '../../../src/core/capture/session';
import { NO_WORK } from '../../../src/core/capture/work';
import { MinutesError } from '../../../src/core/errors';
import type { LogEntry } from '../../../src/core/transcription/requestLog';
import { SYSTEM_CLOCK } from '../../../src/node/system/systemClock';
import { RecordingSession } from '../../../src/shell/recording/recordingSession';
import type { Recorded, SessionRun } from '../../../src/shell/recording/sessionRun';
import { WorkState } from '../../../src/shell/recording/workState';
import { FakeMicrophone, FakeRecordingStore, type FakeCapture } from '../../fakes/fakeMicrophone';

const SOUND = new Int16Array(1600).fill(1000).map((sample, i) => (i % 2 === 0 ? sample : -sample));

/** In an object, as the promise itself would be waited for. */
interface Recording {
  readonly recorded: Promise<Recorded | undefined>;
}

describe('RecordingSession', () => {
  let microphone: FakeMicrophone;
  let store: FakeRecordingStore;
  let work: WorkState;
  let session: RecordingSession;
  let logged: LogEntry[];

  beforeEach(() => {
    logged = [];
    [microphone, store, work] = [new FakeMicrophone(), new FakeRecordingStore(), new WorkState()];
    session = new RecordingSession({
      loadInputs: () => Promise.resolve(microphone),
      loadStore: () => Promise.resolve(store),
      clock: SYSTEM_CLOCK,
      log: { write: (entry) => logged.push(entry) },
      work,
    });
  });
  afterEach(() => {
    session.dispose();
    work.dispose();
  });

  function reserve(purpose: SessionPurpose): SessionRun {
    const run = session.reserve(purpose);
    assert.ok(run, `no microphone for a ${purpose}`);
    return run;
  }

  /** Records under the purpose's name; nothing waits any more when this resolves. */
  async function record(run: SessionRun, name: string): Promise<Recording> {
    const recorded = run.record({ folder: '', name, target: { kind: 'dictation' } });
    recorded.catch(() => undefined);
    await settled();
    return { recorded };
  }

  function capture(number: number): FakeCapture {
    const found = microphone.captures[number];
    assert.ok(found, `capture ${number} has not begun`);
    return found;
  }

  async function hear(number: number): Promise<void> {
    capture(number).hear(SOUND);
    await settled();
  }

  it('has one run record at a time', async () => {
    const run = reserve('dictation');
    assert.equal(session.reserve('meeting'), undefined);
    await record(run, 'one');
    await hear(0);
    assert.equal(session.state.kind, 'recording');
    assert.equal(session.reserve('dictation'), undefined);
  });

  it('is free when it is stopped, while the recording becomes text', async () => {
    const first = reserve('dictation');
    const { recorded } = await record(first, 'one');
    await hear(0);
    session.stop();
    assert.deepEqual([session.state.kind, work.state.underWay], ['idle', 1]);
    const second = reserve('meeting');
    await record(second, 'two');
    assert.equal(microphone.captures.length, 1, 'the first recorder still records');
    await hear(0);
    assert.equal(session.state.kind, 'starting', 'what the first recorder hears is no sound of the second');
    capture(0).end();
    assert.equal((await recorded)?.sampleCount, 2 * SOUND.length);
    await settled();
    await hear(1);
    assert.deepEqual([session.state.kind, work.state.underWay], ['recording', 1]);
    first.end('done');
    assert.deepEqual([session.state.kind, work.state], ['recording', NO_WORK]);
  });

  it('lets no run that is over change anything of another', async () => {
    const first = reserve('dictation');
    await record(first, 'one');
    await hear(0);
    session.stop();
    capture(0).end();
    await settled();
    first.end('done');
    const second = reserve('dictation');
    await record(second, 'two');
    await hear(1);
    first.end('fail');
    first.discard();
    assert.deepEqual([session.state.kind, work.state], ['recording', NO_WORK]);
    session.stop();
    first.end('fail');
    assert.deepEqual(work.state, { underWay: 1, hasFailed: false });
  });

  it('discards one that is recorded, and one that becomes text', async () => {
    const first = reserve('dictation');
    const { recorded } = await record(first, 'one');
    await hear(0);
    first.discard();
    assert.equal(session.state.kind, 'idle');
    assert.equal(await recorded, undefined);
    assert.deepEqual([store.removed, work.state], [['one'], NO_WORK]);
    const second = reserve('dictation');
    first.end('fail');
    assert.deepEqual([session.state.kind, work.state], ['starting', NO_WORK]);
    const { recorded: kept } = await record(second, 'two');
    await hear(1);
    session.stop();
    capture(1).end();
    assert.ok(await kept);
    second.discard();
    assert.deepEqual([store.removed, work.state], [['one'], NO_WORK]);
  });

  it('records nothing where it is stopped before the first sound', async () => {
    const run = reserve('meeting');
    const { recorded } = await record(run, 'one');
    session.stop();
    assert.equal(session.state.kind, 'idle');
    assert.equal(await recorded, undefined);
    run.end('done');
    assert.deepEqual([store.removed, work.state], [['one'], NO_WORK]);
    const late = reserve('meeting');
    session.stop();
    assert.equal(await late.record({ folder: '', name: 'two', target: { kind: 'dictation' } }), undefined);
    assert.equal(microphone.captures.length, 1);
  });

  it('shows nothing of a recording that could not begin, since a message tells it', async () => {
    microphone.problem = new MinutesError({ code: 'microphoneMissing', reason: 'unplugged' });
    const run = reserve('dictation');
    const { recorded } = await record(run, 'one');
    await assert.rejects(recorded);
    run.end('fail');
    assert.deepEqual([session.state.kind, work.state], ['idle', NO_WORK]);
    assert.deepEqual(logged, [{ kind: 'recorder', problem: 'microphoneMissing', said: 'unplugged' }]);
  });

  it('counts a recording as work whose recorder ended by itself', async () => {
    const run = reserve('dictation');
    const { recorded } = await record(run, 'one');
    await hear(0);
    capture(0).end(new Error('unplugged'));
    assert.match(String((await recorded)?.failure), /unplugged/);
    assert.deepEqual([session.state.kind, work.state.underWay], ['idle', 1]);
    run.end('fail');
    assert.deepEqual(work.state, { underWay: 0, hasFailed: true });
  });

  it('tells how loud it is while it records, of this recording only', async () => {
    const level = (): Level | undefined => session.level;
    assert.equal(level(), undefined);
    const run = reserve('dictation');
    await record(run, 'one');
    assert.equal(level(), undefined);
    await hear(0);
    assert.ok(Math.abs((level()?.rmsDbfs ?? 0) - 20 * Math.log10(1000 / 32_768)) < 0.01);
    session.stop();
    assert.equal(level(), undefined);
  });

  it('keeps what was recorded where the window closes', async () => {
    const run = reserve('dictation');
    await record(run, 'one');
    await hear(0);
    const closed = session.close();
    await settled();
    assert.equal(capture(0).isStopped, true);
    capture(0).end();
    await closed;
    assert.deepEqual(store.removed, []);
  });
});

/** All that can happen without outside help happens before this resolves. */
async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await turn();
}

import assert from 'node:assert/strict';
import { NEVER } from '../../../../src/core/async/never';
import { BYTES_PER_SAMPLE } from '../../../../src/core/audio/pcm';
import { SAMPLE_RATE_HZ } from '../../../../src/core/model';
import type { SessionBegin, SessionEvent, SessionWord } from '../../../../src/core/sessionProtocol';
import { JobQueue } from '../../../../src/engine/api/jobQueue';
import { LiveSession } from '../../../../src/engine/session/liveSession';
import { silence, speech, synthesize, type Part } from '../../core/audio/syntheticSpeech';
import { assertAborts } from '../../node/problems';
import { CountingRecogniser, SleptClock, wordAt } from './hearingOfClocks';

const BLOCK_SAMPLES = SAMPLE_RATE_HZ / 10;

/** A session whose audio comes as quickly as it is heard. */
class Played {
  readonly recogniser = new CountingRecogniser();
  readonly queue = new JobQueue();
  readonly clock = new SleptClock();
  readonly events: SessionEvent[] = [];
  readonly session: LiveSession;

  constructor(begin: Partial<SessionBegin> = {}) {
    const { recogniser, queue, clock, events } = this;
    const say = (event: SessionEvent): void => void events.push(event);
    this.session = new LiveSession({ recogniser, queue, clock, say }, { kind: 'begin', purpose: 'meeting', ...begin });
  }

  async play(parts: readonly Part[], atS: (seconds: number) => void = () => undefined, signal = NEVER): Promise<void> {
    const { samples } = synthesize(...parts);
    const running = this.session.run(() => undefined, signal);
    // It is awaited below; until then its failure must not be a failure of nobody.
    running.catch(() => undefined);
    for (let at = 0; at < samples.length && !signal.aborted; at += BLOCK_SAMPLES) {
      atS(at / SAMPLE_RATE_HZ);
      this.session.push(samples.slice(at, at + BLOCK_SAMPLES));
      for (let turns = 0; turns < 8; turns++) await new Promise((resolve) => setImmediate(resolve));
    }
    this.session.end();
    await running;
  }

  get settled(): SessionWord[] {
    return this.events.flatMap((event) => (event.kind === 'words' ? event.settled : []));
  }

  get utterances(): Extract<SessionEvent, { readonly kind: 'utterance' }>[] {
    return this.events.flatMap((event) => (event.kind === 'utterance' ? [event] : []));
  }
}

const ONE = [silence(2), speech(5), silence(2)];
const TWO = [...ONE, speech(4), silence(2)];

describe('LiveSession', () => {
  it('settles each word once, in order, most of them while they are spoken', async () => {
    const played = new Played();
    await played.play(ONE);
    const [utterance] = played.utterances;
    const words = (utterance?.answer['words'] as readonly { readonly word: string }[]).map(({ word }) => word);
    assert.deepEqual(
      played.settled.map(({ text }) => text.trim()),
      words,
    );
    const early = played.events.slice(0, -2).flatMap((event) => (event.kind === 'words' ? event.settled : []));
    assert.ok(early.length >= words.length - 3, `${early.length} of ${words.length}`);
    assert.equal(played.events.at(-1)?.kind, 'utterance');
  });

  it('tells tentative words behind the settled ones, and none whose sound may not be complete', async () => {
    const played = new Played();
    await played.play(ONE);
    for (const [i, event] of played.events.entries()) {
      if (event.kind !== 'words') continue;
      const before = played.events.slice(0, i + 1).flatMap((one) => (one.kind === 'words' ? one.settled : []));
      assert.ok(event.tentative.every(({ startS }) => startS >= (before.at(-1)?.endS ?? 0)));
      assert.ok(event.tentative.every(({ endS }) => endS < event.heardS));
      assert.ok(
        event.tentative.every(({ text }) => !/\d/.test(text)),
        'the last word is another one each time',
      );
    }
  });

  it('counts times from its own first sample', async () => {
    const played = new Played();
    await played.play(TWO);
    const { settled, utterances } = played;
    assert.equal(utterances.length, 2);
    for (const { startSample, endSample } of utterances) {
      const inside = settled.filter(({ startS }) => {
        const sample = startS * SAMPLE_RATE_HZ;
        return sample >= startSample && sample < endSample;
      });
      assert.equal(inside[0]?.text, ` ${wordAt(0)}`);
      assert.equal(inside.length, Math.floor((endSample - startSample) / SAMPLE_RATE_HZ / 0.5));
    }
  });

  it('continues what is settled, and hears the whole utterance at its end as a request would', async () => {
    const played = new Played({ prompt: 'Kubernetes.', language: 'en' });
    await played.play(ONE);
    const { drafts, jobs } = played.recogniser;
    assert.ok(drafts.some(({ written }) => written.length > 4));
    for (const { written, writtenS } of drafts) assert.equal(writtenS, written.length / 2);
    const [utterance] = played.utterances;
    assert.ok(utterance && jobs.length === 1);
    const { pcm, ...job } = jobs[0] ?? assert.fail();
    assert.equal(pcm.length, (utterance.endSample - utterance.startSample) * BYTES_PER_SAMPLE);
    assert.deepEqual(job, {
      task: 'transcribe',
      priority: 'live',
      language: 'en',
      prompt: 'Kubernetes.',
      promptScope: 'everyWindow',
      temperature: 0,
      seed: 0,
      wantsWords: true,
      isUrgent: false,
    });
  });

  it('says nothing in silence', async () => {
    const played = new Played();
    await played.play([silence(8)]);
    assert.deepEqual([played.events, played.recogniser.drafts, played.recogniser.jobs], [[], [], []]);
  });

  it('takes other terms from the next hearing on', async () => {
    const played = new Played({ prompt: 'first' });
    await played.play(TWO, (seconds) => {
      if (seconds === 8) played.session.setTerms('second');
      if (seconds === 10) played.session.setTerms('');
    });
    const prompts = [...new Set(played.recogniser.drafts.map(({ prompt }) => prompt))];
    assert.deepEqual(prompts, ['first', 'second', undefined]);
    assert.deepEqual(
      played.recogniser.jobs.map(({ prompt }) => prompt),
      ['first', undefined],
    );
  });

  it('keeps the language of the utterance before, until a whole utterance tells another', async () => {
    const played = new Played();
    await played.play(TWO);
    const { drafts, jobs } = played.recogniser;
    assert.equal(drafts[0]?.language, undefined);
    assert.equal(drafts.at(-1)?.language, 'en');
    assert.deepEqual(
      jobs.map(({ language, languageBefore }) => [language, languageBefore]),
      [
        [undefined, undefined],
        [undefined, 'en'],
      ],
    );
  });

  it('lets a draft go for something more urgent, and drafts anew behind it', async () => {
    const played = new Played();
    let overtaken = 0;
    played.recogniser.onDraft = async (signal) => {
      if (played.recogniser.drafts.length !== 3) return;
      const urgent = played.queue.run(() => Promise.resolve('done'), { priority: 'dictation' }, NEVER);
      if (signal.aborted) overtaken++;
      await urgent;
    };
    await played.play(ONE);
    assert.equal(overtaken, 1);
    assert.ok(played.recogniser.drafts.length > 5);
    assert.equal(played.settled.length, played.recogniser.jobs.length * 11);
  });

  it('tells once that the machine is slow, then gives utterances only, until it is quick again', async () => {
    const played = new Played();
    let slowMs = 3000;
    played.recogniser.onDraft = () => {
      played.clock.pass(slowMs);
    };
    await played.play([...TWO, speech(4), silence(2)], (seconds) => {
      if (seconds === 14) slowMs = 0;
    });
    const kinds = played.events.flatMap((event) => (event.kind === 'pace' ? [event.isLive] : []));
    assert.deepEqual(kinds, [false, true]);
    assert.equal(played.utterances.length, 3);
  });

  it('has the client wait when it has two utterances of the longest kind', () => {
    const { session } = new Played();
    const { samples } = synthesize(silence(2), speech(70));
    let pushedS = 0;
    for (let at = 0; !session.isFull; at += BLOCK_SAMPLES) {
      session.push(samples.slice(at, at + BLOCK_SAMPLES));
      pushedS = at / SAMPLE_RATE_HZ;
    }
    assert.ok(pushedS > 55 && pushedS < 65, `${pushedS}`);
  });

  it('stops at once when it is aborted', async () => {
    const stop = new AbortController();
    const played = new Played();
    played.recogniser.onDraft = async (signal) => {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          resolve();
        });
        stop.abort();
      });
    };
    await assertAborts(played.play(ONE, undefined, stop.signal));
    assert.equal(played.recogniser.drafts.length, 1);
  });
});

import { assert } from 'chai';
import { NEVER } from '../../../../src/core/async/never';
import { transcribeUncut } from '../../../../src/core/transcription/pipeline';
import { readAll } from '../expectations';
import { BUSY, chunksAsked, FakeLog, FakeSampleReader, FakeTranscriber, type FakeAnswer, optionsOf } from '../fakes';
import { run, SAMPLES } from './runs';

describe('transcribe, of a translation', () => {
  const english = { text: 'Good morning.', language: 'en' };
  const bilingual = (heard: FakeAnswer | Error = { text: 'Guten Morgen.', language: 'de' }): FakeTranscriber =>
    new FakeTranscriber((_n, _signal, { task }) => {
      if (task === 'translate') return english;
      return heard instanceof Error ? Promise.reject(heard) : heard;
    });
  const questions = ({ requests }: FakeTranscriber): number =>
    requests.filter(({ task }) => task === 'transcribe').length;

  it('asks once for the language, when all the text is in the log', async () => {
    const transcriber = bilingual();
    const kept = new FakeLog();
    await run({ transcriber, log: kept.log }, { task: 'translate' });
    assert.strictEqual(kept.log.fold().language, 'de');
    assert.strictEqual(questions(transcriber), 1);
    assert.strictEqual(transcriber.requests.at(-1)?.task, 'transcribe');
    assert.lengthOf(kept.pieces, 3);
  });

  it('asks it of the first piece with words in it', async () => {
    const transcriber = new FakeTranscriber((n, _signal, { task }) =>
      task === 'transcribe' ? { text: 'Guten Tag.', language: 'de' } : n === 1 ? '' : english,
    );
    await run({ transcriber }, { task: 'translate' });
    const { audio } = transcriber.requests.at(-1) ?? assert.fail('no request');
    assert.deepStrictEqual(audio.kind === 'chunk' && audio.chunk, chunksAsked(transcriber)[1]);
  });

  it('asks nothing where the user or an answer told it, and nothing for a transcription', async () => {
    const told = new FakeTranscriber(() => ({ ...english, language: 'fr' }));
    const first = await run({ transcriber: told }, { task: 'translate' });
    assert.strictEqual(first.log.fold().language, 'fr');
    const named = bilingual();
    const second = await run({ transcriber: named }, { task: 'translate', language: 'nl' });
    assert.strictEqual(second.log.fold().language, 'nl');
    const plain = new FakeTranscriber(() => english);
    assert.strictEqual((await run({ transcriber: plain })).log.fold().language, 'en');
    assert.deepStrictEqual([questions(told), questions(named), questions(plain)], [0, 0, 3]);
  });

  it('is finished though the question fails', async () => {
    const { values, error, log } = await run({ transcriber: bilingual(BUSY) }, { task: 'translate' });
    assert.isUndefined(error);
    assert.strictEqual(values.at(-1)?.kind, 'finished');
    assert.isUndefined(log.fold().language);
  });

  it('asks of what cannot be cut as well', async () => {
    const { log } = new FakeLog();
    const ports = { transcriber: bilingual(), log, samples: new FakeSampleReader(SAMPLES) };
    const url = { kind: 'url', url: 'https://example.org/talk.mp3' } as const;
    await readAll(transcribeUncut(url, 'talk.mp3', ports, optionsOf({ task: 'translate' }), NEVER));
    assert.strictEqual(log.fold().language, 'de');
  });
});

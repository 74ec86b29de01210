import { assert } from 'chai';
import { NEVER } from '../../../../src/core/async/never';
import { transcribeUncut } from '../../../../src/core/transcription/pipeline';
import { readAll } from '../expectations';
import {
  BUSY,
  chunksAsked,
  FakeJournal,
  FakeSampleReader,
  FakeTranscriber,
  type FakeAnswer,
  optionsOf,
} from '../fakes';
import { run, SAMPLES, start, withTranscript, type ToldEvent } from './runs';

describe('transcribe, of a translation', () => {
  const english = { text: 'Good morning.', language: 'en' };
  const bilingual = (heard: FakeAnswer | Error = { text: 'Guten Morgen.', language: 'de' }): FakeTranscriber =>
    new FakeTranscriber((_n, _signal, { task }) => {
      if (task === 'translate') return english;
      return heard instanceof Error ? Promise.reject(heard) : heard;
    });
  const languageIn = (events: readonly ToldEvent[]): string | undefined => {
    const last = events.at(-1);
    return last?.kind === 'finished' ? last.transcript.language : assert.fail('it did not finish');
  };
  const questions = ({ requests }: FakeTranscriber): number =>
    requests.filter(({ task }) => task === 'transcribe').length;

  it('asks once for the language, when all the text is there and in the journal', async () => {
    const transcriber = bilingual();
    const journal = new FakeJournal();
    const { values } = await readAll(start({ transcriber, journal }, { task: 'translate' }));
    assert.strictEqual(languageIn(values), 'de');
    assert.strictEqual(questions(transcriber), 1);
    assert.strictEqual(transcriber.requests.at(-1)?.task, 'transcribe');
    assert.lengthOf(journal.pieces, 3);
  });

  it('asks it of the first piece with words in it', async () => {
    const transcriber = new FakeTranscriber((n, _signal, { task }) =>
      task === 'transcribe' ? { text: 'Guten Tag.', language: 'de' } : n === 1 ? '' : english,
    );
    await readAll(start({ transcriber }, { task: 'translate' }));
    const { audio } = transcriber.requests.at(-1) ?? assert.fail('no request');
    assert.deepStrictEqual(audio.kind === 'chunk' && audio.chunk, chunksAsked(transcriber)[1]);
  });

  it('asks nothing where the user or an answer told it, and nothing for a transcription', async () => {
    const told = new FakeTranscriber(() => ({ ...english, language: 'fr' }));
    assert.strictEqual(languageIn((await readAll(start({ transcriber: told }, { task: 'translate' }))).values), 'fr');
    const named = bilingual();
    const options = { task: 'translate', language: 'nl' } as const;
    assert.strictEqual(languageIn((await readAll(start({ transcriber: named }, options))).values), 'nl');
    const plain = new FakeTranscriber(() => english);
    assert.strictEqual(languageIn((await run({ transcriber: plain })).values), 'en');
    assert.deepStrictEqual([questions(told), questions(named), questions(plain)], [0, 0, 3]);
  });

  it('is finished though the question fails', async () => {
    const { values, error } = await readAll(start({ transcriber: bilingual(BUSY) }, { task: 'translate' }));
    assert.isUndefined(error);
    assert.isUndefined(languageIn(values));
  });

  it('asks of what cannot be cut as well', async () => {
    const { log } = new FakeJournal();
    const ports = { transcriber: bilingual(), log, samples: new FakeSampleReader(SAMPLES) };
    const url = { kind: 'url', url: 'https://example.org/talk.mp3' } as const;
    const signal = NEVER;
    const { values } = await readAll(
      withTranscript(transcribeUncut(url, 'talk.mp3', ports, optionsOf({ task: 'translate' }), signal), log),
    );
    assert.strictEqual(languageIn(values), 'de');
  });
});

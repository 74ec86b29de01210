import assert from 'node:assert/strict';
import { window, type Memento, type MessageOptions } from 'vscode';
import { parseEndpoint } from '../../../src/core/endpoints/endpoint';
import type { Term } from '../../../src/core/vocabulary/term';
import { Consent } from '../../../src/shell/transcription/consent';
import { tidyUp } from '../window';
import { withProperty } from '../withProperty';

interface Question {
  readonly text: string;
  readonly detail: string | undefined;
  readonly isModal: boolean;
  readonly buttons: readonly string[];
}

/** VS Code shows no modal dialog in a test host, so the questions are answered here. An answer that is absent closes the dialog. */
async function asked(
  consent: Consent,
  endpoint: string,
  ...answers: readonly string[]
): Promise<{ readonly isGiven: boolean; readonly questions: readonly Question[] }> {
  const questions: Question[] = [];
  const answer = (text: string, ...rest: readonly (string | MessageOptions)[]): Promise<string | undefined> => {
    const options = rest.find((one) => typeof one !== 'string');
    const buttons = rest.filter((one) => typeof one === 'string');
    questions.push({ text, detail: options?.detail, isModal: options?.modal ?? false, buttons });
    return Promise.resolve(answers[questions.length - 1]);
  };
  let isGiven = false;
  await withProperty(window, 'showWarningMessage', answer, async () => {
    isGiven = await consent.isGiven(parseEndpoint(endpoint));
  });
  return { isGiven, questions };
}

function consentWith(...words: readonly string[]): Consent {
  const values = new Map<string, unknown>();
  const state: Memento = {
    keys: () => [...values.keys()],
    get: <Value>(key: string, absent?: Value) => (values.get(key) as Value | undefined) ?? absent,
    update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
  };
  const terms = words.map((text): Term => ({ text, kind: 'identifier', from: ['a.ts'], count: 1, isAtHand: false }));
  return new Consent(state, { collect: () => Promise.resolve(terms) });
}

describe('The consent', () => {
  afterEach(tidyUp);

  it('says in two lines what goes where, and which words go along', async () => {
    const consent = consentWith('LedgerExporter', 'kafkajs', 'flushQueue', 'otherModule');
    const { isGiven, questions } = await asked(consent, 'groq', 'Send');
    assert.ok(isGiven);
    assert.deepEqual(questions, [
      {
        text: 'Send your recordings to api.groq.com?',
        detail:
          'The speech of every recording that you transcribe goes to api.groq.com.\n' +
          'Words of this workspace go along, now 4, such as LedgerExporter, kafkajs, flushQueue.',
        isModal: true,
        buttons: ['Send', 'Show Words'],
      },
    ]);
    assert.deepEqual(await asked(consent, 'groq'), { isGiven: true, questions: [] });
  });

  it('says that no words go along, and takes no answer for a no', async () => {
    const { isGiven, questions } = await asked(consentWith(), 'groq');
    assert.ok(!isGiven);
    assert.match(questions[0]?.detail ?? '', /\nNo words of this workspace go along\.$/);
    assert.deepEqual(questions[0]?.buttons, ['Send']);
  });

  it('shows the words, and asks again beside them', async () => {
    for (const [second, expected] of [
      ['Send', true],
      ['', false],
    ] as const) {
      const { isGiven, questions } = await asked(consentWith('kafkajs'), 'groq', 'Show Words', second);
      assert.equal(window.activeTextEditor?.document.uri.scheme, 'minutes-document');
      assert.deepEqual(questions[1], {
        text: 'Send your recordings to api.groq.com?',
        detail: undefined,
        isModal: false,
        buttons: ['Send'],
      });
      assert.equal(isGiven, expected);
    }
  });

  it('asks nothing where the audio stays on this machine', async () => {
    for (const endpoint of ['embedded', 'http://127.0.0.1:8000/v1'])
      assert.deepEqual(await asked(consentWith('kafkajs'), endpoint), { isGiven: true, questions: [] });
  });
});

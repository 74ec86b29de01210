import assert from 'node:assert/strict';
import { window, type MessageOptions } from 'vscode';
import { parseEndpoint } from '../../../src/core/endpoints/endpoint';
import type { RunPlan } from '../../../src/core/transcription/fileTranscriber';
import { costOf, costOfSelection, costsLittle, mayCost } from '../../../src/shell/transcription/mayCost';
import { set, tidyUp } from '../window';
import { withProperty } from '../withProperty';

/** Three hours in pieces of 27 s, and one of a second, which is billed as ten. */
const REQUEST_S: readonly number[] = [...Array.from({ length: 400 }, () => 27), 1];

interface Asked {
  readonly mayBegin: boolean;
  readonly questions: readonly { readonly title: string; readonly detail: string | undefined }[];
}

/** VS Code shows no modal dialog in a test host, so the question is answered here. */
async function asked(
  endpoint: string,
  plan: Partial<RunPlan>,
  answer?: string,
  costs = costOfSelection(),
): Promise<Asked> {
  const questions: { title: string; detail: string | undefined }[] = [];
  const show = (title: string, options: MessageOptions): Promise<string | undefined> => {
    assert.equal(options.modal, true);
    questions.push({ title, detail: options.detail });
    return Promise.resolve(answer);
  };
  let mayBegin = false;
  const whole = { requestS: REQUEST_S, lastStartMs: Date.now(), ...plan };
  await withProperty(window, 'showInformationMessage', show, async () => {
    mayBegin = await mayCost('board.m4a', whole, parseEndpoint(endpoint), 'meeting', costs);
  });
  return { mayBegin, questions };
}

describe('The cost of a recording', () => {
  afterEach(tidyUp);

  it('is asked about above the threshold: how much goes where, and what it costs', async () => {
    await set('minutes.cost.askAbove', 0.1);
    const { mayBegin, questions } = await asked('groq', {}, 'Transcribe');
    assert.ok(mayBegin);
    // 10,810 s at 0.04 dollars an hour.
    assert.deepEqual(questions, [
      {
        title: 'About $0.12 for "board.m4a"',
        detail:
          '03:00:01 of audio, long silence left out, goes to api.groq.com in 401 requests. At least ten seconds are billed for each.',
      },
    ]);
  });

  it('of several files is asked about once, where their sum passes the threshold', async () => {
    await set('minutes.cost.askAbove', 0.3);
    const costs = costOfSelection(5);
    const groq = parseEndpoint('groq');
    const titles: string[] = [];
    const details: (string | undefined)[] = [];
    for (let file = 0; file < 5; file++) {
      costs.next();
      // The shortest pieces would cost 0.40 dollars an hour.
      assert.equal(costsLittle(1800, groq, 'meeting', costs), file === 0 || file > 2);
      const { mayBegin, questions } = await asked('groq', {}, 'Transcribe All', costs);
      assert.ok(mayBegin);
      titles.push(...questions.map(({ title }) => title));
      details.push(...questions.map(({ detail }) => detail));
      costs.sent(costOf(REQUEST_S, groq, 'meeting'));
    }
    assert.deepEqual(titles, ['About $0.36 for these files']);
    assert.deepEqual(details, [
      '$0.24 of it was sent before; "board.m4a" costs $0.12: 03:00:01 of audio, long silence left out, goes to api.groq.com in 401 requests. ' +
        'At least ten seconds are billed for each. 2 more files follow. Transcribe All holds for them too; Cancel ends here.',
    ]);
  });

  it('of a first file that passes alone says that more follow, and a no holds for those', async () => {
    await set('minutes.cost.askAbove', 0.1);
    const costs = costOfSelection(2);
    costs.next();
    const { mayBegin, questions } = await asked('groq', {}, undefined, costs);
    const [question] = questions;
    assert.ok(question);
    assert.equal(question.title, 'About $0.12 for "board.m4a", and more files follow');
    assert.match(question.detail ?? '', /One more file follows\./);
    assert.deepEqual([mayBegin, costs.isRefused], [false, true]);
  });

  it('tells when the last request may go, where the quota makes it wait', async () => {
    await set('minutes.cost.askAbove', 0);
    const { questions } = await asked('groq', { lastStartMs: Date.now() + 3_600_000 });
    assert.match(questions[0]?.detail ?? '', /By the quota that is known, the last one goes at \d/);
  });

  it('takes no answer for a no', async () => {
    await set('minutes.cost.askAbove', 0.1);
    assert.equal((await asked('groq', {})).mayBegin, false);
  });

  it('is not asked about below the threshold, where no price is known, and where nothing leaves the machine', async () => {
    assert.deepEqual(await asked('groq', {}), { mayBegin: true, questions: [] });
    await set('minutes.cost.askAbove', 0);
    for (const endpoint of ['embedded', 'http://127.0.0.1:8000/v1', 'mistral'])
      assert.deepEqual(await asked(endpoint, {}), { mayBegin: true, questions: [] });
  });
});

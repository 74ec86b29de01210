import { assert } from 'chai';
import { parseRefusal } from '../../../../src/core/pacing/parseRefusal';

const refusal = (what: string): string =>
  `Rate limit reached for model \`whisper-large-v3-turbo\` in organization \`org_x\` service tier \`on_demand\` on ${what}. Please try again in 9m6s.`;

describe('parseRefusal', () => {
  it('reads each of Groq’s limits', () => {
    assert.deepStrictEqual(
      parseRefusal(refusal('seconds of audio per hour (ASPH): Limit 7200, Used 5956, Requested 2336')),
      {
        unit: 'audioS',
        windowS: 3600,
        limit: 7200,
        used: 5956,
      },
    );
    assert.deepStrictEqual(
      parseRefusal(refusal('seconds of audio per day (ASPD): Limit 28800, Used 28790, Requested 20')),
      {
        unit: 'audioS',
        windowS: 86_400,
        limit: 28_800,
        used: 28_790,
      },
    );
    assert.deepStrictEqual(parseRefusal(refusal('requests per minute (RPM): Limit 20, Used 20, Requested 1')), {
      unit: 'requests',
      windowS: 60,
      limit: 20,
      used: 20,
    });
    assert.deepStrictEqual(parseRefusal(refusal('requests per day (RPD): Limit 2,000, Used 2,000.5, Requested 1')), {
      unit: 'requests',
      windowS: 86_400,
      limit: 2000,
      used: 2000.5,
    });
  });

  for (const message of [
    '',
    'Too many requests',
    refusal('tokens per minute (TPM): Limit 6000, Used 5990, Requested 200'),
    refusal('requests per minute (RPM): Limit 0, Used 0, Requested 1'),
    refusal('requests per minute (RPM): Limit 1.2.3, Used 0, Requested 1'),
    refusal('requests per minute (RPM): Limit -20, Used 20, Requested 1'),
    refusal('requests per minute'),
  ]) {
    it(`reads no limit from "${message.slice(-70)}"`, () => {
      assert.isUndefined(parseRefusal(message));
    });
  }
});

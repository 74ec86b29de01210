import { assert } from 'chai';
import { saysNoSpeech } from '../../../../src/core/endpoints/classifyFailure';
import { errorBody, PAGE } from './refusals';

describe('saysNoSpeech', () => {
  it('knows a failure that only says that nobody speaks', () => {
    const said = "No clip timestamps found. Set 'vad_filter' to True or provide 'clip_timestamps'.";
    for (const body of [JSON.stringify({ detail: said }), errorBody(said), said, `Error: ${said.toLowerCase()}`]) {
      assert.isTrue(saysNoSpeech({ status: 500, headers: {}, body }), body);
      assert.isFalse(saysNoSpeech({ status: 400, headers: {}, body }), body);
    }
    for (const body of ['', PAGE, errorBody('No model found.'), '{"detail":"No speech model"}']) {
      assert.isFalse(saysNoSpeech({ status: 500, headers: {}, body }), body);
    }
  });
});

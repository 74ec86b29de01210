import assert from 'node:assert/strict';
import { chooseWeightForm, findWrongProduct } from '../../../../../src/engine/whisper/network/arithmetic';
import {
  loadRuntime,
  type Runtime,
  type RuntimeKind,
  type WeightForm,
} from '../../../../../src/engine/whisper/network/runtime';

/** A runtime whose results are changed before they are seen, of the nth graph that is opened. */
function altered(runtime: Runtime, change: (values: Float32Array, graph: number) => void): Runtime {
  let opened = 0;
  return {
    ...runtime,
    openBytes: async (bytes) => {
      const session = await runtime.openBytes(bytes);
      const graph = opened++;
      const run = session.run.bind(session);
      session.run = async (feeds: Parameters<typeof run>[0]) => {
        const results = await run(feeds);
        for (const { data } of Object.values(results)) if (data instanceof Float32Array) change(data, graph);
        return results;
      };
      return session;
    },
  };
}

describe('the 8-bit products of this machine', () => {
  for (const kind of ['native', 'wasm'] satisfies RuntimeKind[]) {
    for (const threadCount of [1, 2]) {
      it(`equal exact whole numbers at the bounds (${kind}, threads: ${threadCount})`, async () => {
        const runtime = await loadRuntime(kind, threadCount);
        assert.equal(await findWrongProduct(runtime, 'unsigned'), undefined);
        assert.equal(await findWrongProduct(runtime, await chooseWeightForm(runtime)), undefined);
      });
    }
  }

  it('take unsigned weights in WebAssembly', async () => {
    assert.equal(await chooseWeightForm(await loadRuntime('wasm', 1)), 'unsigned');
  });

  it('take unsigned weights where sums of signed ones are cut, as kernels do without VNNI', async () => {
    const runtime = altered(await loadRuntime('native', 1), (values, graph) => {
      if (graph === 0) cut(values);
    });
    assert.equal(await chooseWeightForm(runtime), 'unsigned');
  });

  it('take signed weights where nothing is wrong with them', async () => {
    const runtime = altered(await loadRuntime('native', 1), () => undefined);
    const isExact = (await findWrongProduct(runtime, 'signed')) === undefined;
    const expected: WeightForm = isExact ? 'signed' : 'unsigned';
    assert.equal(await chooseWeightForm(runtime), expected);
  });

  it('are refused when the sums of both forms are cut', async () => {
    const runtime = altered(await loadRuntime('native', 1), cut);
    await assert.rejects(chooseWeightForm(runtime), /8-bit arithmetic of this machine is wrong/);
  });

  it('are refused when a single one is off by one', async () => {
    const runtime = altered(await loadRuntime('native', 1), (values) => {
      values[values.length - 1] = (values.at(-1) ?? 0) + 1;
    });
    await assert.rejects(chooseWeightForm(runtime), /8-bit arithmetic of this machine is wrong/);
  });
});

/** In place, at 24 bits: the sums of the trial reach to 512 × 255 × 128. */
function cut(values: Float32Array): void {
  values.forEach((value, i) => {
    values[i] = Math.max(-(2 ** 23), Math.min(2 ** 23 - 1, value));
  });
}

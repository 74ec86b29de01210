import assert from 'node:assert/strict';
import { requireExactProducts } from '../../../../src/engine/whisper/arithmetic';
import { loadRuntime, type Runtime, type RuntimeKind } from '../../../../src/engine/whisper/runtime';

/** A runtime whose results are changed before they are seen. */
function altered(runtime: Runtime, change: (values: Float32Array) => void): Runtime {
  return {
    ...runtime,
    openBytes: async (graph) => {
      const session = await runtime.openBytes(graph);
      const run = session.run.bind(session);
      session.run = async (feeds: Parameters<typeof run>[0]) => {
        const results = await run(feeds);
        for (const { data } of Object.values(results)) if (data instanceof Float32Array) change(data);
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
        await requireExactProducts(await loadRuntime(kind, threadCount));
      });
    }
  }

  it('are refused when sums are cut at 16 bits, as kernels for signed weights do without VNNI', async () => {
    const runtime = altered(await loadRuntime('native', 1), (values) => {
      values.forEach((value, i) => {
        values[i] = Math.max(-(2 ** 23), Math.min(2 ** 23 - 1, value));
      });
    });
    await assert.rejects(requireExactProducts(runtime), /8-bit arithmetic of this machine is wrong/);
  });

  it('are refused when a single one is off by one', async () => {
    const runtime = altered(await loadRuntime('native', 1), (values) => {
      values[values.length - 1] = (values.at(-1) ?? 0) + 1;
    });
    await assert.rejects(requireExactProducts(runtime), /8-bit arithmetic of this machine is wrong/);
  });
});

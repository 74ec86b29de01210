import type { InferenceSession, Tensor, TypedTensor } from 'onnxruntime-common';
import fs from 'node:fs/promises';
import path from 'node:path';
import { signWeights } from '../onnx/signWeights';

/** `native`: a library for this platform; `wasm`: everywhere else, several times slower. */
export type RuntimeKind = 'native' | 'wasm';

/** What the two builds of ONNX Runtime have in common. */
interface OnnxModule {
  readonly InferenceSession: { create(model: string | Uint8Array, options: SessionOptions): Promise<InferenceSession> };
  readonly Tensor: typeof Tensor;
}

type SessionOptions = InferenceSession.SessionOptions;

/** The form of the products' 8-bit weights. Both forms give the same results where the arithmetic is right. */
export type WeightForm = 'signed' | 'unsigned';

/** The loaded ONNX Runtime, with the functions that we use. */
export interface Runtime {
  readonly kind: RuntimeKind;
  /** Opens a graph whose weights lie beside it. */
  readonly open: (graphFile: string, weightForm: WeightForm) => Promise<InferenceSession>;
  /** Opens a graph that holds its own weights, from the bytes of an `.onnx` file. */
  readonly openBytes: (graph: Uint8Array) => Promise<InferenceSession>;
  readonly floats: (values: Float32Array, shape: readonly number[]) => TypedTensor<'float32'>;
  readonly integers: (values: readonly number[], shape: readonly number[]) => TypedTensor<'int64'>;
}

/**
 * Entries of ONNX Runtime's session configuration. They forbid busy waiting, which takes cores from the machine's other work: under load it
 * costs half of the speed, on an idle machine it gains a tenth.
 */
const SESSION_ENTRIES = { intra_op: { allow_spinning: '0' } } as const;

/**
 * @param threadCount how many threads compute one product; more threads than cores make it slower
 * @throws Error where the library cannot be loaded
 */
export async function loadRuntime(kind: RuntimeKind, threadCount: number): Promise<Runtime> {
  const onnx = kind === 'native' ? await loadNative() : await loadWasm(threadCount);
  const options: SessionOptions = {
    executionProviders: [kind === 'native' ? 'cpu' : 'wasm'],
    intraOpNumThreads: threadCount,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // The arena never gives back the memory of its largest request. Without it the engine's peak was a third lower, at the same speed.
    enableCpuMemArena: false,
    extra: { session: SESSION_ENTRIES },
  };
  return {
    kind,
    open: async (graphFile, weightForm) => {
      if (kind === 'native' && weightForm === 'unsigned') return onnx.InferenceSession.create(graphFile, options);
      const stored = await fs.readFile(graphFile);
      const graph = weightForm === 'signed' ? signed(stored, graphFile) : stored;
      if (kind === 'native') return onnx.InferenceSession.create(graph, besideFiles(options, path.dirname(graphFile)));
      const weights = await fs.readFile(weightsFile(graphFile));
      const externalData = [{ path: path.basename(weightsFile(graphFile)), data: weights }];
      return onnx.InferenceSession.create(graph, { ...options, externalData });
    },
    openBytes: (graph) => onnx.InferenceSession.create(graph, options),
    floats: (values, shape) => new onnx.Tensor('float32', values, shape),
    integers: (values, shape) => new onnx.Tensor('int64', BigInt64Array.from(values, BigInt), shape),
  };
}

/** @throws Error that names the file, where the file is not a graph */
function signed(graph: Uint8Array, file: string): Uint8Array {
  try {
    return signWeights(graph);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${path.basename(file)} cannot be read: ${reason}`, { cause: error });
  }
}

/** Options for a graph that is given as bytes and whose weights lie in a folder. ONNX Runtime would look for them in the current folder. */
function besideFiles(options: SessionOptions, folder: string): SessionOptions {
  return {
    ...options,
    extra: { session: { ...SESSION_ENTRIES, model_external_initializers_file_folder_path: folder } },
  };
}

/** The file of a graph's weights, beside the graph. */
function weightsFile(graphFile: string): string {
  return graphFile.replace(/\.onnx$/, '.weights');
}

async function loadNative(): Promise<OnnxModule> {
  return await import('onnxruntime-node');
}

async function loadWasm(threadCount: number): Promise<OnnxModule> {
  const onnx = await import('onnxruntime-web');
  onnx.env.wasm.numThreads = threadCount;
  return onnx;
}

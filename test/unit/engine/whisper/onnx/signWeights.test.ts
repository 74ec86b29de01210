import assert from 'node:assert/strict';
import { GraphBuilder } from '../../../../../src/engine/whisper/onnx/graph';
import {
  decodeConstants,
  encodeOnnx,
  externalTensor,
  ONNX_DATA_TYPE,
  type OnnxTensor,
} from '../../../../../src/engine/whisper/onnx/onnxSchema';
import { OPERATOR_SETS, ONNX_IR_VERSION } from '../../../../../src/engine/whisper/onnx/onnxVersions';
import { signWeights } from '../../../../../src/engine/whisper/onnx/signWeights';
import { loadRuntime } from '../../../../../src/engine/whisper/network/runtime';

function encode(graph: GraphBuilder, tensors: readonly OnnxTensor[]): Uint8Array {
  const { nodes, inputs, outputs } = graph.build();
  return encodeOnnx({
    irVersion: ONNX_IR_VERSION,
    producerName: 'minutes',
    operatorSets: OPERATOR_SETS,
    graph: { name: 'test', nodes, tensors, inputs, outputs },
  });
}

const STEPS = Uint8Array.of(0, 1, 127, 128, 129, 255);
const MATRIX: OnnxTensor = { name: 'matrix', dims: [2, 3], dataType: ONNX_DATA_TYPE.uint8, rawData: STEPS };

/** Where a constant lies in a file beside the graph. */
function externalMatrix(): OnnxTensor {
  const { name, dims, dataType } = MATRIX;
  return { name, dims, dataType, ...externalTensor('encoder.weights', 65_536, 6) };
}

describe('signWeights', () => {
  it('gives products signed numbers, each 128 less, and leaves a look-up what is stored', async () => {
    const graph = new GraphBuilder();
    const float = { attributes: { to: ONNX_DATA_TYPE.float32 } };
    const turned = graph.node('Transpose', ['matrix'], { attributes: { perm: [1, 0] } });
    graph.node('Cast', [turned], { ...float, output: 'signed' });
    graph.node('Cast', [graph.node('Gather', ['matrix', 'row'])], { ...float, output: 'stored' });
    graph.output('signed', 'float32', [3, 2]);
    graph.output('stored', 'float32', [3]);
    const row = { name: 'row', dims: [], dataType: ONNX_DATA_TYPE.int64, rawData: bytesOfInteger(1) };
    const runtime = await loadRuntime('native', 1);
    const session = await runtime.openBytes(signWeights(encode(graph, [MATRIX, row])));
    const { signed, stored } = await session.run({});
    assert.deepEqual([...(signed?.data as Float32Array)], [-128, 0, -127, 1, -1, 127]);
    assert.deepEqual([...(stored?.data as Float32Array)], [128, 129, 255]);
    await session.release();
  });

  it('leaves weights beside the graph where they are', () => {
    const graph = encode(new GraphBuilder(), [externalMatrix()]);
    assert.deepEqual(decodeConstants(signWeights(graph))[0], decodeConstants(graph)[0]);
  });

  it('leaves a graph without 8-bit weights as it is', () => {
    const floats: OnnxTensor = {
      name: 'scales',
      dims: [2],
      dataType: ONNX_DATA_TYPE.float32,
      rawData: new Uint8Array(new Float32Array([0.5, 2]).buffer),
    };
    const graph = encode(new GraphBuilder(), [floats]);
    assert.deepEqual(Buffer.from(signWeights(graph)), Buffer.from(graph));
  });

  it('refuses what is no graph', () => {
    assert.throws(() => signWeights(Buffer.from('no protobuf at all')));
  });
});

function bytesOfInteger(value: number): Uint8Array {
  return new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
}

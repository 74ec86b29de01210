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

describe('signWeights', () => {
  it('turns weights in the graph itself into signed numbers, each 128 less', async () => {
    const graph = new GraphBuilder();
    const float = { attributes: { to: ONNX_DATA_TYPE.float32 }, output: 'numbers' };
    graph.node('Cast', ['matrix'], float);
    graph.output('numbers', 'float32', [2, 3]);
    const runtime = await loadRuntime('native', 1);
    const session = await runtime.openBytes(signWeights(encode(graph, [MATRIX])));
    const { numbers } = await session.run({});
    assert.deepEqual([...(numbers?.data as Float32Array)], [-128, -127, -1, 0, 1, 127]);
    await session.release();
  });

  it('leaves weights beside the graph where they are, under another name, and has them turned at load', () => {
    const whereabouts = { location: 'encoder.weights', offsetBytes: 65_536, lengthBytes: 6 };
    const { location, offsetBytes, lengthBytes } = whereabouts;
    const { name, dims, dataType } = MATRIX;
    const tensor = { name, dims, dataType, ...externalTensor(location, offsetBytes, lengthBytes) };
    const [stored, bit] = decodeConstants(signWeights(encode(new GraphBuilder(), [tensor])));
    assert.deepEqual(stored, { name: 'matrix.unsigned', dims, dataType, external: whereabouts });
    assert.deepEqual([bit?.dims, bit?.dataType, [...(bit?.rawData ?? [])]], [[], ONNX_DATA_TYPE.uint8, [128]]);
  });

  it('leaves other constants alone', () => {
    const floats: OnnxTensor = {
      name: 'scales',
      dims: [2],
      dataType: ONNX_DATA_TYPE.float32,
      rawData: new Uint8Array(new Float32Array([0.5, 2]).buffer),
    };
    const graph = encode(new GraphBuilder(), [floats]);
    assert.deepEqual(decodeConstants(signWeights(graph)), decodeConstants(graph));
  });

  it('refuses what is no graph', () => {
    assert.throws(() => signWeights(Buffer.from('no protobuf at all')));
  });
});

import { WEIGHT_ZERO_POINT } from '../weights/unsignedWeights';
import {
  ONNX_ATTRIBUTE_TYPE,
  ONNX_DATA_TYPE,
  withAddition,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxTensor,
} from './onnxSchema';

/** The operators that multiply with 8-bit weights or transpose them. The look-up of a token's vector reads a few rows and takes them unsigned. */
const READERS_OF_SIGNED: ReadonlySet<string> = new Set(['DynamicQuantizeMatMul', 'MatMulIntegerToFloat', 'Transpose']);

/** A constant that flips the highest bit of a byte, which is the same as adding −128. The byte is then read as a signed number. */
const HIGHEST_BIT: OnnxTensor = {
  name: 'signed.highestBit',
  dims: [],
  dataType: ONNX_DATA_TYPE.uint8,
  rawData: Uint8Array.of(WEIGHT_ZERO_POINT),
};

/**
 * The same graph with signed 8-bit weights and zero points of 0 for its products: the form that processors with VNNI multiply quickest.
 *
 * The stored weights do not change. Nodes before the graph's own convert them to signed ones. ONNX Runtime computes these nodes once, when it
 * loads the graph, like everything that depends on constants only.
 *
 * @param graph the bytes of an `.onnx` file whose weights are unsigned with a zero point of {@link WEIGHT_ZERO_POINT}
 * @throws Error where the bytes are not such a file
 */
export function signWeights(graph: Uint8Array): Uint8Array {
  return withAddition(graph, (constants) => {
    const unsigned = constants.filter(({ dataType }) => dataType === ONNX_DATA_TYPE.uint8).map(({ name }) => name);
    if (unsigned.length === 0) return undefined;
    const known = new Set(unsigned);
    return {
      constants: [HIGHEST_BIT],
      nodes: unsigned.flatMap(signingNodes),
      inputOf: (operator, input) => (known.has(input) && READERS_OF_SIGNED.has(operator) ? signedName(input) : input),
    };
  });
}

function signedName(constant: string): string {
  return `${constant}.signed`;
}

function signingNodes(constant: string): readonly OnnxNode[] {
  const turned = `${constant}.turned`;
  return [
    node('BitwiseXor', [constant, HIGHEST_BIT.name], turned, []),
    node('Cast', [turned], signedName(constant), [
      { name: 'to', type: ONNX_ATTRIBUTE_TYPE.int, int: ONNX_DATA_TYPE.int8 },
    ]),
  ];
}

function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: readonly OnnxAttribute[],
): OnnxNode {
  return { operator, inputs, outputs: [output], name: output, attributes, domain: '' };
}

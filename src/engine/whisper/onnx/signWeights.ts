import { WEIGHT_ZERO_POINT } from '../weights/unsignedWeights';
import {
  decodeConstants,
  ONNX_ATTRIBUTE_TYPE,
  ONNX_DATA_TYPE,
  withAddition,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxTensor,
} from './onnxSchema';

/** What multiplies with 8-bit weights, and what turns a matrix for it. The look-up of a token's vector reads a few rows and takes them as they are stored. */
const READERS_OF_SIGNED: ReadonlySet<string> = new Set(['DynamicQuantizeMatMul', 'MatMulIntegerToFloat', 'Transpose']);

/** The constant that turns the highest bit of a number over: adding −128 to a number of 8 bits. Read as a signed number, the rest is the same byte. */
const HIGHEST_BIT: OnnxTensor = {
  name: 'signed.highestBit',
  dims: [],
  dataType: ONNX_DATA_TYPE.uint8,
  rawData: Uint8Array.of(WEIGHT_ZERO_POINT),
};

/**
 * The same graph whose products get their 8-bit weights as signed numbers with zero points of 0: the form in which processors with VNNI multiply
 * quickest.
 *
 * The weights stay where and as they are stored. Nodes before the graph's own turn them into signed ones; ONNX Runtime computes those once, when it loads
 * the graph, like everything that depends on constants only.
 *
 * @param graph the bytes of an `.onnx` file whose weights are unsigned with a zero point of {@link WEIGHT_ZERO_POINT}
 * @throws Error where the bytes are no such file
 */
export function signWeights(graph: Uint8Array): Uint8Array {
  const unsigned = decodeConstants(graph)
    .filter(({ dataType }) => dataType === ONNX_DATA_TYPE.uint8)
    .map(({ name }) => name);
  if (unsigned.length === 0) return graph;
  const known = new Set(unsigned);
  return withAddition(graph, {
    constants: [HIGHEST_BIT],
    nodes: unsigned.flatMap(signingNodes),
    inputOf: (operator, input) => (known.has(input) && READERS_OF_SIGNED.has(operator) ? signedName(input) : input),
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

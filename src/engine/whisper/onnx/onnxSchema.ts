import protobuf from 'protobufjs/light';

/**
 * The part of ONNX's public schema (onnx.proto, package `onnx`) that our graphs need. The names are ours; a file holds only the fields'
 * numbers. `repeated` numbers may be packed or not: readers of protobuf take both.
 */
const SCHEMA: protobuf.INamespace = {
  nested: {
    Model: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        producerName: { type: 'string', id: 2 },
        graph: { type: 'Graph', id: 7 },
        operatorSets: { rule: 'repeated', type: 'OperatorSet', id: 8 },
      },
    },
    OperatorSet: { fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } } },
    Graph: {
      fields: {
        nodes: { rule: 'repeated', type: 'Node', id: 1 },
        name: { type: 'string', id: 2 },
        tensors: { rule: 'repeated', type: 'Tensor', id: 5 },
        inputs: { rule: 'repeated', type: 'ValueInfo', id: 11 },
        outputs: { rule: 'repeated', type: 'ValueInfo', id: 12 },
      },
    },
    Node: {
      fields: {
        inputs: { rule: 'repeated', type: 'string', id: 1 },
        outputs: { rule: 'repeated', type: 'string', id: 2 },
        name: { type: 'string', id: 3 },
        operator: { type: 'string', id: 4 },
        attributes: { rule: 'repeated', type: 'Attribute', id: 5 },
        domain: { type: 'string', id: 7 },
      },
    },
    Attribute: {
      fields: {
        name: { type: 'string', id: 1 },
        float: { type: 'float', id: 2 },
        int: { type: 'int64', id: 3 },
        ints: { rule: 'repeated', type: 'int64', id: 8 },
        type: { type: 'int32', id: 20 },
      },
    },
    Tensor: {
      fields: {
        dims: { rule: 'repeated', type: 'int64', id: 1 },
        dataType: { type: 'int32', id: 2 },
        name: { type: 'string', id: 8 },
        rawData: { type: 'bytes', id: 9 },
        externalData: { rule: 'repeated', type: 'KeyValue', id: 13 },
        dataLocation: { type: 'int32', id: 14 },
      },
    },
    KeyValue: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    ValueInfo: { fields: { name: { type: 'string', id: 1 }, type: { type: 'ValueType', id: 2 } } },
    ValueType: { fields: { tensor: { type: 'TensorType', id: 1 } } },
    TensorType: { fields: { dataType: { type: 'int32', id: 1 }, shape: { type: 'Shape', id: 2 } } },
    Shape: { fields: { dimensions: { rule: 'repeated', type: 'Dimension', id: 1 } } },
    Dimension: { fields: { size: { type: 'int64', id: 1 }, name: { type: 'string', id: 2 } } },
  },
};

/** TensorProto.DataType. */
export const ONNX_DATA_TYPE = { float32: 1, uint8: 2, int8: 3, int64: 7 } as const;

/** AttributeProto.AttributeType. */
export const ONNX_ATTRIBUTE_TYPE = { float: 1, int: 2, ints: 7 } as const;

/** TensorProto.DataLocation: the numbers lie in a file beside the graph's. */
export const ONNX_EXTERNAL = 1;

/** AttributeProto. */
export interface OnnxAttribute {
  readonly name: string;
  readonly type: (typeof ONNX_ATTRIBUTE_TYPE)[keyof typeof ONNX_ATTRIBUTE_TYPE];
  readonly float?: number;
  readonly int?: number;
  readonly ints?: readonly number[];
}

/** NodeProto. */
export interface OnnxNode {
  /** An empty name stands for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name: string;
  readonly operator: string;
  readonly attributes: readonly OnnxAttribute[];
  /** Empty for ONNX's own operators. */
  readonly domain: string;
}

/** TensorProto: a constant of the graph. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** Absent where the numbers are in another file. */
  readonly rawData?: Uint8Array;
  readonly externalData?: readonly { readonly key: string; readonly value: string }[];
  readonly dataLocation?: number;
}

/** ValueInfoProto: an input or an output of the graph. */
export interface OnnxValueInfo {
  readonly name: string;
  readonly type: {
    readonly tensor: {
      readonly dataType: number;
      readonly shape: { readonly dimensions: readonly ({ readonly size: number } | { readonly name: string })[] };
    };
  };
}

/** ModelProto: the whole of an `.onnx` file. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly operatorSets: readonly { readonly domain: string; readonly version: number }[];
  readonly graph: {
    readonly name: string;
    readonly nodes: readonly OnnxNode[];
    readonly tensors: readonly OnnxTensor[];
    readonly inputs: readonly OnnxValueInfo[];
    readonly outputs: readonly OnnxValueInfo[];
  };
}

/** The bytes of an `.onnx` file. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  return modelType().encode(model).finish();
}

/** A constant as it is stored in an `.onnx` file. */
export interface StoredConstant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** Its numbers, where they lie in this file. */
  readonly rawData?: Uint8Array;
  /** Where its numbers lie in another file beside the graph's. */
  readonly external?: { readonly location: string; readonly offsetBytes: number; readonly lengthBytes: number };
}

/**
 * The constants of an `.onnx` file.
 *
 * @throws Error where the bytes are not such a file
 */
export function decodeConstants(bytes: Uint8Array): readonly StoredConstant[] {
  const type = modelType();
  const plain: unknown = type.toObject(type.decode(bytes), { longs: Number });
  return list(field(field(plain, 'graph'), 'tensors')).map(parseConstant);
}

/** Constants and nodes that are added to a graph, and which of its own nodes read them. */
export interface GraphAddition {
  readonly constants: readonly OnnxTensor[];
  /** Nodes that come before the graph's own. */
  readonly nodes: readonly OnnxNode[];
  /** The new name of an operator's input; the same name where nothing changes. */
  readonly inputOf: (operator: string, input: string) => string;
}

/**
 * The bytes of an `.onnx` file with more constants and nodes.
 *
 * @param add is given the graph's own constants; @returns undefined where nothing is added
 * @throws Error where the bytes are no such file
 */
export function withAddition(
  bytes: Uint8Array,
  add: (constants: readonly StoredConstant[]) => GraphAddition | undefined,
): Uint8Array {
  const type = modelType();
  const model = asRecord(type.toObject(type.decode(bytes), { longs: Number }));
  const graph = asRecord(model['graph']);
  const own = list(graph['tensors']);
  const addition = add(own.map(parseConstant));
  if (!addition) return bytes;
  const nodes = list(graph['nodes']).map((node) => {
    const operator = String(field(node, 'operator'));
    const inputs = list(field(node, 'inputs')).map((input) => addition.inputOf(operator, String(input)));
    return { ...asRecord(node), inputs };
  });
  return type
    .encode({
      ...model,
      graph: { ...graph, nodes: [...addition.nodes, ...nodes], tensors: [...own, ...addition.constants] },
    })
    .finish();
}

/** Where a constant's numbers lie in a file beside the graph's. */
export function externalTensor(
  location: string,
  offsetBytes: number,
  lengthBytes: number,
): Pick<OnnxTensor, 'externalData' | 'dataLocation'> {
  return {
    externalData: [
      { key: 'location', value: location },
      { key: 'offset', value: String(offsetBytes) },
      { key: 'length', value: String(lengthBytes) },
    ],
    dataLocation: ONNX_EXTERNAL,
  };
}

function parseConstant(tensor: unknown): StoredConstant {
  const [name, dataType, rawData] = ['name', 'dataType', 'rawData'].map((key) => field(tensor, key));
  const dims = list(field(tensor, 'dims')).filter((size) => typeof size === 'number');
  if (typeof name !== 'string' || typeof dataType !== 'number') throw new Error('a constant has no name or no type');
  const constant = { name, dims, dataType };
  if (field(tensor, 'dataLocation') !== ONNX_EXTERNAL) {
    return { ...constant, rawData: rawData instanceof Uint8Array ? rawData : new Uint8Array() };
  }
  const told = new Map(
    list(field(tensor, 'externalData')).map((entry) => [field(entry, 'key'), field(entry, 'value')]),
  );
  const [offsetBytes, lengthBytes] = [Number(told.get('offset')), Number(told.get('length'))];
  const location = told.get('location');
  if (typeof location !== 'string' || !Number.isSafeInteger(offsetBytes) || !Number.isSafeInteger(lengthBytes)) {
    throw new Error(`the constant ${name} does not say where its numbers are`);
  }
  return { ...constant, external: { location, offsetBytes, lengthBytes } };
}

function field(value: unknown, name: string): unknown {
  return asRecord(value)[name];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function modelType(): protobuf.Type {
  return protobuf.Root.fromJSON(SCHEMA).lookupType('Model');
}

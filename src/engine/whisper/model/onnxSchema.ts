import protobuf from 'protobufjs/light';

/**
 * The part of ONNX's public schema (onnx.proto, package `onnx`) that our graphs need. Names are ours; only the numbers are on the wire.
 * Protobuf's own extension of field types: `repeated` numbers may be packed or not, readers take both.
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

/** TensorProto.DataLocation: in a file beside the graph's. */
export const ONNX_EXTERNAL = 1;

export interface OnnxAttribute {
  readonly name: string;
  readonly type: (typeof ONNX_ATTRIBUTE_TYPE)[keyof typeof ONNX_ATTRIBUTE_TYPE];
  readonly float?: number;
  readonly int?: number;
  readonly ints?: readonly number[];
}

export interface OnnxNode {
  /** An empty name is an optional input left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name: string;
  readonly operator: string;
  readonly attributes: readonly OnnxAttribute[];
  /** Empty for ONNX's own operators. */
  readonly domain: string;
}

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** Absent where the numbers are in another file. */
  readonly rawData?: Uint8Array;
  readonly externalData?: readonly { readonly key: string; readonly value: string }[];
  readonly dataLocation?: number;
}

export interface OnnxValueInfo {
  readonly name: string;
  readonly type: {
    readonly tensor: {
      readonly dataType: number;
      readonly shape: { readonly dimensions: readonly ({ readonly size: number } | { readonly name: string })[] };
    };
  };
}

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

function modelType(): protobuf.Type {
  return protobuf.Root.fromJSON(SCHEMA).lookupType('Model');
}

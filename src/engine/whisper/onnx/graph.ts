import {
  ONNX_ATTRIBUTE_TYPE,
  ONNX_DATA_TYPE,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxValueInfo,
} from './onnxSchema';
import type { WeightFiles } from '../weights/weightFiles';

/** The type of a number in a graph. */
export type DataType = keyof typeof ONNX_DATA_TYPE;

/** A constant of the graph. Only its type and shape are known while the graph is drawn. */
export interface ConstantForm {
  readonly name: string;
  readonly dataType: DataType;
  readonly shape: readonly number[];
}

/** A tensor of the model that a graph is made from. */
export interface NeededTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The next bytes of a constant. */
export interface ConstantBytes {
  readonly constant: string;
  readonly bytes: Uint8Array;
}

/** Where a model's tensors are read from. */
export type TensorSource = Pick<WeightFiles, 'read' | 'rows'>;

/** How constants of the graph are made from the model's tensors. This happens later, one after the other, so that little memory is used. */
export interface Recipe {
  readonly needs: readonly NeededTensor[];
  readonly makes: readonly ConstantForm[];
  /** Every constant's bytes, in any pieces, each constant's in their order. A piece's memory may be used again for the next. */
  readonly make: (weights: TensorSource, signal: AbortSignal) => AsyncIterable<ConstantBytes> | Iterable<ConstantBytes>;
}

/** A graph without its numbers. */
export interface Graph {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  readonly recipes: readonly Recipe[];
}

/** ONNX Runtime's own operators beside ONNX's. */
export const MICROSOFT = 'com.microsoft';

/** An operator's attributes and domain. */
export interface NodeOptions {
  /** Whole numbers. Other numbers need {@link floatAttributes}, since ONNX has two types. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
  readonly floatAttributes?: Readonly<Record<string, number>>;
  readonly domain?: typeof MICROSOFT;
}

/** Draws a graph node by node. Values have names: the caller names a node's output, or it is named after the operator. */
export class GraphBuilder {
  private readonly nodes: OnnxNode[] = [];
  private readonly inputs: OnnxValueInfo[] = [];
  private readonly outputs: OnnxValueInfo[] = [];
  private readonly recipes: Recipe[] = [];
  private readonly literals = new Set<string>();

  /** An operator with one output. @returns the output's name */
  node(operator: string, inputs: readonly string[], options: NodeOptions & { readonly output?: string } = {}): string {
    const output = options.output ?? `${operator}.${this.nodes.length}`;
    this.nodeOf(operator, inputs, [output], options);
    return output;
  }

  /** An operator with these outputs. */
  nodeOf(operator: string, inputs: readonly string[], outputs: readonly string[], options: NodeOptions = {}): void {
    this.nodes.push({
      inputs,
      outputs,
      name: `${operator}/${this.nodes.length}`,
      operator,
      attributes: [
        ...Object.entries(options.attributes ?? {}).map(integerAttribute),
        ...Object.entries(options.floatAttributes ?? {}).map(([name, float]): OnnxAttribute => ({
          name,
          type: ONNX_ATTRIBUTE_TYPE.float,
          float,
        })),
      ],
      domain: options.domain ?? '',
    });
  }

  /** @param shape a number, or a name for a size that differs from run to run */
  input(name: string, dataType: DataType, shape: readonly (number | string)[]): string {
    this.inputs.push(valueInfo(name, dataType, shape));
    return name;
  }

  /** Makes the value of this name an output of the graph. */
  output(name: string, dataType: DataType, shape: readonly (number | string)[]): void {
    this.outputs.push(valueInfo(name, dataType, shape));
  }

  /** Adds constants that are made from the model's tensors. */
  add(recipe: Recipe): void {
    this.recipes.push(recipe);
  }

  /** A list of whole numbers, such as a shape. The same list always gives the same constant. */
  integers(...values: readonly number[]): string {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.literal(`integers.${values.join('.')}`, { dataType: 'int64', shape: [values.length] }, bytes);
  }

  build(): Graph {
    return { nodes: this.nodes, inputs: this.inputs, outputs: this.outputs, recipes: this.recipes };
  }

  private literal(constant: string, form: Omit<ConstantForm, 'name'>, bytes: Uint8Array): string {
    if (this.literals.has(constant)) return constant;
    this.literals.add(constant);
    this.add({
      needs: [],
      makes: [{ name: constant, ...form }],
      make: () => [{ constant, bytes }],
    });
    return constant;
  }
}

function integerAttribute([name, value]: readonly [string, number | readonly number[]]): OnnxAttribute {
  return typeof value === 'number'
    ? { name, type: ONNX_ATTRIBUTE_TYPE.int, int: value }
    : { name, type: ONNX_ATTRIBUTE_TYPE.ints, ints: value };
}

function valueInfo(name: string, dataType: DataType, shape: readonly (number | string)[]): OnnxValueInfo {
  const dimensions = shape.map((size) => (typeof size === 'number' ? { size } : { name: size }));
  return { name, type: { tensor: { dataType: ONNX_DATA_TYPE[dataType], shape: { dimensions } } } };
}

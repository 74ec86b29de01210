/** Where the numbers of one of the hub's tensors lie in a CTranslate2 file. */
export interface Ct2Place {
  readonly variable: string;
  /** The variable's rows hold so many tensors, one behind the other. */
  readonly parts: number;
  /** Which of them it is, from 0. */
  readonly part: number;
}

/** CTranslate2's names of what a normalising layer and all other layers have. */
const NORM_KINDS: Readonly<Record<string, string>> = { weight: 'gamma', bias: 'beta' };

/** Layers outside of the stacks: WhisperSpec in CTranslate2's `python/ctranslate2/specs/whisper_spec.py`. */
const SINGLE: Readonly<Record<string, string>> = {
  conv1: 'conv1',
  conv2: 'conv2',
  embed_tokens: 'embeddings',
};

/** Layers of a stack, by the hub's names. */
const IN_LAYER: Readonly<Record<string, { readonly name: string; readonly parts?: number; readonly part?: number }>> = {
  'self_attn.q_proj': { name: 'self_attention/linear_0', parts: 3, part: 0 },
  'self_attn.k_proj': { name: 'self_attention/linear_0', parts: 3, part: 1 },
  'self_attn.v_proj': { name: 'self_attention/linear_0', parts: 3, part: 2 },
  'self_attn.out_proj': { name: 'self_attention/linear_1' },
  'encoder_attn.q_proj': { name: 'attention/linear_0' },
  'encoder_attn.k_proj': { name: 'attention/linear_1', parts: 2, part: 0 },
  'encoder_attn.v_proj': { name: 'attention/linear_1', parts: 2, part: 1 },
  'encoder_attn.out_proj': { name: 'attention/linear_2' },
  fc1: { name: 'ffn/linear_0' },
  fc2: { name: 'ffn/linear_1' },
};

/** Normalising layers of a stack. */
const NORMS: Readonly<Record<string, string>> = {
  self_attn_layer_norm: 'self_attention/layer_norm',
  encoder_attn_layer_norm: 'attention/layer_norm',
  final_layer_norm: 'ffn/layer_norm',
};

/**
 * Where a tensor lies, by the hub's name of it. CTranslate2 joins queries, keys and values (self-attention) or keys and values (cross-attention)
 * to one product, with zeros for the bias that Whisper's keys do not have.
 *
 * @returns undefined for a name that no Whisper has
 */
export function ct2Place(name: string): Ct2Place | undefined {
  const [, stack, rest = '', kind = ''] = /^model\.(encoder|decoder)\.(.+)\.(weight|bias)$/.exec(name) ?? [];
  if (stack === undefined) return undefined;
  if (rest === 'embed_positions') return whole(`${stack}/position_encodings/encodings`);
  if (rest === 'layer_norm') return whole(`${stack}/layer_norm/${NORM_KINDS[kind] ?? ''}`);
  const single = SINGLE[rest];
  if (single !== undefined) return whole(`${stack}/${single}/${kind}`);
  const [, layer = '', inLayer = ''] = /^layers\.(\d+)\.(.+)$/.exec(rest) ?? [];
  const norm = NORMS[inLayer];
  if (norm !== undefined) return whole(`${stack}/layer_${layer}/${norm}/${NORM_KINDS[kind] ?? ''}`);
  const product = IN_LAYER[inLayer];
  if (!product) return undefined;
  const { parts = 1, part = 0 } = product;
  return { variable: `${stack}/layer_${layer}/${product.name}/${kind}`, parts, part };
}

function whole(variable: string): Ct2Place {
  return { variable, parts: 1, part: 0 };
}

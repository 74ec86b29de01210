/** What the judge says about the tiny model, in its words. */
export interface TinyExpectations {
  readonly decoder_input_ids: readonly number[];
  readonly encoder_last_hidden_state: Readonly<Record<string, readonly number[]>>;
  readonly logits: readonly {
    readonly position: number;
    readonly argmax: number;
    readonly first_8: readonly number[];
    readonly last_8: readonly number[];
    readonly logsumexp: number;
  }[];
  readonly cross_attention: Readonly<Record<string, readonly (readonly [frame: number, weight: number])[]>>;
}

/** What the judge says about a recording. */
export interface BaseExpectations {
  readonly first_step_top5: readonly (readonly [token: number, logProbability: number])[];
}

import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { modelFolder } from '../../../../models';
import { skipWithReason } from '../../../../speech';

const EXPECTATIONS = 'expected.json';

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

/** Folders of the models in tests, with the judges' words; a running test is skipped where there are none. */
export function realModels(context: Mocha.Context): { readonly tiny: string; readonly base: string } {
  const [tiny, base] = [modelFolder('tiny-random'), modelFolder('whisper-base')];
  if ('absent' in tiny) skipWithReason(context, tiny.absent);
  if ('absent' in base) skipWithReason(context, base.absent);
  if (!existsSync(path.join(base.folder, EXPECTATIONS))) {
    skipWithReason(context, `Whisper base lies here without its ${EXPECTATIONS}`);
  }
  return { tiny: tiny.folder, base: base.folder };
}

/**
 * The tiny random model as the hub would have it, but for its weights. It comes without a tokenizer; its vocabulary is whisper-base's.
 */
export function copyTinyModel(models: { readonly tiny: string; readonly base: string }, folder: string): void {
  for (const file of ['config.json', 'generation_config.json', 'preprocessor_config.json']) {
    copyFileSync(path.join(models.tiny, file), path.join(folder, file));
  }
  copyFileSync(path.join(models.base, 'tokenizer.json'), path.join(folder, 'tokenizer.json'));
}

/** The judge's words about a model; its reader knows their shape. */
export function readExpectations(folder: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, EXPECTATIONS), 'utf8')) as unknown;
}

import { chooseWeightForm } from './arithmetic';
import { readWhisperFacts, type WhisperFacts } from './whisperFacts';
import { Network } from './network';
import { loadRuntime, type RuntimeKind, type WeightForm } from './runtime';
import { Vocabulary } from './vocabulary';

/** A model in memory that is ready for audio. */
export interface LoadedModel {
  readonly facts: WhisperFacts;
  readonly network: Network;
  readonly vocabulary: Vocabulary;
}

/**
 * @param folder a prepared model's folder
 * @param weightForm absent: the quickest form whose products are right on this machine
 * @throws Error where a file is missing or cannot be read, or where ONNX Runtime cannot be loaded or computes wrong products
 */
export async function loadModel(
  folder: string,
  runtimeKind: RuntimeKind,
  threadCount: number,
  weightForm?: WeightForm,
): Promise<LoadedModel> {
  // First of all, so that a folder that is no model is always told by the same file.
  const facts = await readWhisperFacts(folder);
  const [runtime, vocabulary] = await Promise.all([loadRuntime(runtimeKind, threadCount), Vocabulary.load(folder)]);
  const form = weightForm ?? (await chooseWeightForm(runtime));
  return { facts, vocabulary, network: await Network.open(folder, facts, runtime, form) };
}

/**
 * Whether a model was trained to translate. Turbo has the token for it and was trained on transcriptions only, as its model card says: asked
 * to translate it writes the language spoken. So do its fine-tunes, as far as they keep its name.
 */
export function isTrainedToTranslate(name: string): boolean {
  return !/large-v3-turbo/i.test(name);
}

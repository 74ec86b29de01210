/**
 * Whether a model was trained to translate. Turbo has the token for it but was trained on transcriptions only, as its model card says:
 * when asked to translate, it writes the language spoken. Its fine-tunes do the same; they are recognised where they keep its name.
 */
export function isTrainedToTranslate(name: string): boolean {
  return !/large-v3-turbo/i.test(name);
}

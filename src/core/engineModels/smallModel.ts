/** Platforms and architectures that libvosk is built for, in the npm package vosk 0.3.39: there only the small model runs. */
const PLATFORMS = ['linux-x64', 'darwin-x64', 'darwin-arm64', 'win32-x64'] as const;

export type SmallModelPlatform = (typeof PLATFORMS)[number];

/** @param platform as in "linux-x64" */
export function hasSmallModel(platform: string): platform is SmallModelPlatform {
  return PLATFORMS.some((one) => one === platform);
}

import path from 'node:path';
import { runCommand } from '../host/runCommand';
import { speechFolder } from '../speech';

/** How long the sentences of a meeting are together. */
const SPOKEN_S = 70;

/**
 * Makes a recording for the virtual microphone: English sentences of the speech folder, with a pause of two seconds between them.
 *
 * @param file gets 16 kHz mono
 */
export async function makeSpokenMeeting(file: string): Promise<void> {
  const { folder, manifest } = speechFolder();
  const isClear = ({ language, kind, seconds, reference }: (typeof manifest)[number]): boolean =>
    language === 'en' && (kind === 'speech' || kind === 'read') && reference !== undefined && seconds > 4;
  const chosen: string[] = [];
  let spokenS = 0;
  for (const { file: name, seconds } of manifest.filter(isClear)) {
    if (spokenS + seconds > SPOKEN_S) continue;
    chosen.push(path.join(folder, name));
    spokenS += seconds;
  }
  const parts = chosen.flatMap((name) => [`|sox ${quoted(name)} -r 16000 -c 1 -b 16 -t wav - pad 0 2`]);
  await runCommand('sox', [...parts, '-r', '16000', '-c', '1', '-b', '16', file]);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

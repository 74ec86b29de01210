// Stands in for the desktop `code` program, for the two things that test tools ask of it:
//   code --extensionDevelopmentPath=DIR --extensionTestsPath=FILE [FOLDER]     runs tests (@vscode/test-electron, @vscode/test-cli)
//   code --version | --install-extension X ...                                  handed to the server's own command line
import { defined } from '../../src/core/async/defined';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { installedHost, projectRoot } from './hostPaths';
import { serverCommand } from './serverCommand';
import { runTestHost } from './testHost';

/** @vscode/test-electron drops what it has not read when this process exits. */
const LAST_OUTPUT_MS = 200;

const given = process.argv.slice(2);

function valuesOf(option: string): readonly string[] {
  const prefix = `--${option}=`;
  return given.filter((argument) => argument.startsWith(prefix)).map((argument) => argument.slice(prefix.length));
}

async function main(): Promise<number> {
  const tests = valuesOf('extensionTestsPath').at(-1);
  if (tests === undefined) {
    const { command, args, env } = serverCommand(installedHost(), given);
    return spawnSync(command, args, { env, stdio: 'inherit' }).status ?? 1;
  }
  const folder = given.find((argument) => !argument.startsWith('-'));
  const limitMs = Number(process.env['CODE_LIMIT_MS']);
  return runTestHost(
    defined({
      extensions: valuesOf('extensionDevelopmentPath').map((extension) => path.resolve(extension)),
      tests: path.resolve(tests),
      folder: folder === undefined ? undefined : path.resolve(folder),
      shotsFolder: path.resolve(process.env['MINUTES_SHOTS'] ?? path.join(projectRoot, 'build', 'shots')),
      logFile: path.join(projectRoot, 'build', 'logs', 'vscode-server.log'),
      limitMs: limitMs > 0 ? limitMs : undefined,
      verbose: process.env['MINUTES_VERBOSE'] !== undefined,
    }),
  );
}

void main()
  .catch((error: unknown) => {
    console.error(error);
    return 1;
  })
  .then((status) => setTimeout(() => process.exit(status), LAST_OUTPUT_MS));

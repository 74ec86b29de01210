import assert from 'node:assert/strict';
import { startVirtualMicrophone, type VirtualMicrophone } from '../host/virtualMicrophone';
import { jfkWav } from '../speech';
import { extensionIsReady } from './contextMenu';
import { shootFailures } from './shootFailures';
import { startUserSession, type UserSession, type UserSessionOptions } from './userSession';

export interface SpeakingUser {
  readonly session: () => UserSession;
  readonly microphone: () => VirtualMicrophone;
}

/**
 * A person with a microphone before a fresh VS Code, for the tests around the call. The workspace has `jfk.wav`.
 *
 * @param settings of the machine, asked for before the first test
 */
export function useSpeakingUser(
  files: UserSessionOptions['files'] = {},
  settings: () => Promise<Readonly<Record<string, unknown>>> = () => Promise.resolve({}),
): SpeakingUser {
  let microphone: VirtualMicrophone | undefined;
  let session: UserSession | undefined;

  before(async () => {
    microphone = await startVirtualMicrophone();
    session = await startUserSession({
      files: { 'jfk.wav': jfkWav(), ...files },
      settings: await settings(),
      env: microphone.env,
    });
    await extensionIsReady(session.page, 'jfk.wav');
  });
  after(async () => {
    await session?.close();
    await microphone?.stop();
  });
  shootFailures(() => session);
  return {
    session: () => {
      assert.ok(session);
      return session;
    },
    microphone: () => {
      assert.ok(microphone);
      return microphone;
    },
  };
}

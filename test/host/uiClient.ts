// For tests inside the extension host. Imports nothing but types, so that no test bundle drags a browser driver in.
import type { UiOps } from './uiOps';

/** Whether somebody drives the window: in the desktop VS Code nobody does, and tests that need it skip themselves. */
export const hasUi = process.env['MINUTES_BRIDGE'] !== undefined;

/** Asks the process outside VS Code to act as the user on this window. */
export async function ui<Op extends keyof UiOps>(
  op: Op,
  args: Parameters<UiOps[Op]>[0],
): Promise<Awaited<ReturnType<UiOps[Op]>>> {
  const address = process.env['MINUTES_BRIDGE'];
  if (address === undefined) throw new Error(`ui ${op}: nobody drives this window; guard the test with hasUi`);
  const response = await fetch(address, { method: 'POST', body: JSON.stringify({ op, args }) });
  // Written by bridge.ts from the same table of operations.
  const answer = (await response.json()) as { error: string } | { value: Awaited<ReturnType<UiOps[Op]>> };
  if ('error' in answer) throw new Error(`ui ${op}: ${answer.error}`);
  return answer.value;
}

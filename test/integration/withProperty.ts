import assert from 'node:assert/strict';

/** Puts something else in the place of a property of VS Code's, as this host cannot be brought into that state. */
export async function withProperty<Owner extends object>(
  owner: Owner,
  name: keyof Owner & string,
  value: unknown,
  act: () => Promise<void>,
): Promise<void> {
  const original = Object.getOwnPropertyDescriptor(owner, name);
  assert.ok(original);
  Object.defineProperty(owner, name, { value, configurable: true });
  try {
    await act();
  } finally {
    Object.defineProperty(owner, name, original);
  }
}

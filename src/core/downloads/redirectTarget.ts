import { isLoopbackHost } from '../endpoints/endpoint';

/**
 * The target of a redirect, which a download may follow: no key and no cookie goes with it.
 *
 * @returns undefined where the target is not an address, or is plain http, which somebody on the way could change; http is followed
 * from loopback to loopback only
 */
export function redirectTarget(from: string, location: string | undefined): string | undefined {
  if (location === undefined) return undefined;
  let to: URL;
  try {
    to = new URL(location, from);
  } catch {
    return undefined;
  }
  const isLocal = isLoopbackHost(to.hostname) && isLoopbackHost(new URL(from).hostname);
  const isAllowed = to.protocol === 'https:' || (to.protocol === 'http:' && isLocal);
  return isAllowed && to.username === '' && to.password === '' ? to.href : undefined;
}

/** The name of the recording at an address: the last part of its path, or the host where there is none. Never the query, which may hold a key. */
export function audioName(address: string): string {
  if (!URL.canParse(address)) return address;
  const { pathname, host } = new URL(address);
  const name = pathname.split('/').findLast((part) => part !== '') ?? host;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

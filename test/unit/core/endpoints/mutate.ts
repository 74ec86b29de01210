type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** What servers with faults put in the place of something else. */
const JUNK: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1e300,
  -1e300,
  '',
  ' ',
  'NaN',
  'Infinity',
  '1e999',
  '0.5',
  'x',
  [],
  {},
  [null],
  { text: null },
  [[{ start: 1, end: 0, text: 'x' }]],
];

/** Damages a JSON text in one to four places: values dropped, replaced, put elsewhere, named otherwise; or the text cut short. */
export function mutate(json: string, random: () => number): string {
  const root = JSON.parse(json) as Json;
  for (let times = 1 + Math.floor(4 * random()); times > 0; times--) {
    const places = placesIn(root);
    const place = places[Math.floor(random() * places.length)];
    const other = places[Math.floor(random() * places.length)];
    if (!place || !other) break;
    const kind = random();
    if (kind < 0.3) place.remove();
    else if (kind < 0.7) place.set(structuredClone(JUNK[Math.floor(random() * JUNK.length)] ?? null));
    else if (kind < 0.9) place.set(structuredClone(other.value));
    else place.rename(other.name);
  }
  const damaged = JSON.stringify(root);
  return random() < 0.1 ? damaged.slice(0, Math.floor(random() * damaged.length)) : damaged;
}

interface Place {
  readonly name: string;
  readonly value: Json;
  readonly remove: () => void;
  readonly set: (value: Json) => void;
  readonly rename: (name: string) => void;
}

function placesIn(value: Json): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const here = Array.isArray(value) ? placesInArray(value) : placesInRecord(value);
  return here.flatMap((place) => [place, ...placesIn(place.value)]);
}

function placesInArray(array: Json[]): Place[] {
  return array.map((value, i) => ({
    name: String(i),
    value,
    remove: () => array.splice(i, 1),
    set: (next) => (array[i] = next),
    rename: () => array.reverse(),
  }));
}

function placesInRecord(record: Record<string, Json>): Place[] {
  return Object.entries(record).map(([name, value]) => ({
    name,
    value,
    remove: () => Reflect.deleteProperty(record, name),
    set: (next) => (record[name] = next),
    rename: (next) => {
      Reflect.deleteProperty(record, name);
      record[next] = value;
    },
  }));
}

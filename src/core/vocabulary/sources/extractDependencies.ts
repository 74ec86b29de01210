import { dependencyName } from './dependencyName';

/** File names of the manifests that are understood. */
export const MANIFEST_NAMES: readonly string[] = [
  'package.json',
  'Cargo.toml',
  'pyproject.toml',
  'requirements.txt',
  'go.mod',
  'pom.xml',
];

/** The packages that a manifest names, as people call them, each once. Lines that are not understood give nothing. */
export function extractDependencies(manifest: string, text: string): string[] {
  const read = READERS[manifest.slice(manifest.lastIndexOf('/') + 1)];
  const names = (read?.(text) ?? []).flatMap((name) => dependencyName(name) ?? []);
  return [...new Set(names)];
}

const READERS: Readonly<Partial<Record<string, (text: string) => string[]>>> = {
  'package.json': fromPackageJson,
  'Cargo.toml': fromCargo,
  'pyproject.toml': fromPyproject,
  'requirements.txt': fromRequirements,
  'go.mod': fromGoMod,
  'pom.xml': fromPom,
};

/** Run-time dependencies come before those for the build. */
function fromPackageJson(text: string): string[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return [];
  }
  const keysOf = (value: unknown): string[] => (typeof value === 'object' && value !== null ? Object.keys(value) : []);
  const sections = ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies'];
  if (typeof manifest !== 'object' || manifest === null) return [];
  const entries = new Map<string, unknown>(Object.entries(manifest));
  return sections.flatMap((section) => keysOf(entries.get(section)));
}

/** `[dependencies]` and its kin, with `[dependencies.name]` as a section of its own. */
function fromCargo(text: string): string[] {
  return tomlSections(text).flatMap(({ title, lines }) => {
    const [, name] = /(?:^|[.-])dependencies(?:\.(.+))?$/.exec(title) ?? [undefined, undefined];
    if (name !== undefined) return [unquoted(name)];
    return /(?:^|[.-])dependencies$/.test(title) ? lines.flatMap(tomlKey) : [];
  });
}

/** PEP 621's lists of requirements, PEP 735's groups, and Poetry's tables. */
function fromPyproject(text: string): string[] {
  return tomlSections(text).flatMap(({ title, lines }) => {
    if (/^tool\.poetry\.(.+\.)?(dev-)?dependencies$/.test(title))
      return lines.flatMap(tomlKey).filter((name) => name !== 'python');
    const isGroup = title === 'project.optional-dependencies' || title === 'dependency-groups';
    if (!isGroup && title !== 'project') return [];
    const lists = lines
      .join('\n')
      .matchAll(/^([\w-]+)\s*=\s*\[((?:\s*(?:"[^"\n]*"|'[^'\n]*'|#.*|\{[^}\n]*\})\s*,?)*)/gm);
    return [...lists]
      .filter(([, key]) => isGroup || key === 'dependencies')
      .flatMap(([, , list = '']) => [...list.matchAll(/["']\s*([\w.-]+)[^"'\n]*["']/g)].map(([, name = '']) => name));
  });
}

function fromRequirements(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => /^\s*([A-Za-z0-9][\w.-]*)\s*(?:$|[[=<>!~;@#\s])/.exec(line)?.[1] ?? []);
}

/** The module's own requirements. Those marked `// indirect` come from other packages and are left out. */
function fromGoMod(text: string): string[] {
  return text
    .split(/\r?\n/)
    .flatMap((line) =>
      /\/\/\s*indirect/.test(line) ? [] : (/^\s*(?:require\s+)?([\w.-]+\.[\w.-]+\/\S+)\s+v\d/.exec(line)?.[1] ?? []),
    );
}

function fromPom(text: string): string[] {
  const bare = text.replace(/<!--[^]*?-->/g, '').replace(/<exclusions>[^]*?<\/exclusions>/g, '');
  return [...bare.matchAll(/<dependency>[^]*?<\/dependency>/g)].flatMap(
    ([dependency]) => /<artifactId>\s*([^<\s]+)\s*<\/artifactId>/.exec(dependency)?.[1] ?? [],
  );
}

interface TomlSection {
  readonly title: string;
  readonly lines: string[];
}

function tomlSections(text: string): TomlSection[] {
  const sections: TomlSection[] = [{ title: '', lines: [] }];
  for (const line of text.split(/\r?\n/)) {
    const title = /^\s*\[\[?([^[\]]+)\]\]?\s*(?:#.*)?$/.exec(line)?.[1];
    if (title === undefined) sections.at(-1)?.lines.push(line);
    else sections.push({ title: title.trim(), lines: [] });
  }
  return sections;
}

/** The name in `name = …`, `"name" = …` and `name.workspace = true`. */
function tomlKey(line: string): string[] {
  const key = /^\s*("[^"]+"|'[^']+'|[\w-]+)(?:\.[\w-]+)?\s*=/.exec(line)?.[1];
  return key === undefined ? [] : [unquoted(key)];
}

function unquoted(name: string): string {
  return name.trim().replace(/^["']|["']$/g, '');
}

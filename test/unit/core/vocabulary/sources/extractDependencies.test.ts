import { assert } from 'chai';
import fc from 'fast-check';
import { dependencyName } from '../../../../../src/core/vocabulary/sources/dependencyName';
import { extractDependencies, MANIFEST_NAMES } from '../../../../../src/core/vocabulary/sources/extractDependencies';
import { SEED } from '../../random';

describe('extractDependencies', () => {
  const reads = (manifest: string, text: string, expected: readonly string[]): void => {
    it(`reads ${manifest}`, () => {
      assert.deepEqual(extractDependencies(`packages/one/${manifest}`, text), expected);
    });
  };
  reads(
    'package.json',
    JSON.stringify({
      name: 'mine',
      devDependencies: { '@types/node': '20', vitest: '1' },
      dependencies: { react: '19', '@babel/core': '7', '@fastify/busboy': '3', 'lodash.merge': '4' },
    }),
    ['react', 'babel', 'busboy', 'lodash.merge', 'node', 'vitest'],
  );
  reads(
    'Cargo.toml',
    '[package]\nname = "mine"\n[dependencies]\nserde = { version = "1", features = ["derive"] }\ntokio.workspace = true # async\n' +
      '[dependencies.reqwest]\nversion = "0.12"\n[target.\'cfg(unix)\'.dev-dependencies]\nnix = "0.29"\n[features]\nfast = []\n',
    ['serde', 'tokio', 'reqwest', 'nix'],
  );
  reads(
    'pyproject.toml',
    '[project]\nname = "mine"\nkeywords = ["other"]\ndependencies = [\n  "FastAPI>=0.100", # web\n  "uvicorn[standard] ~= 0.2",\n]\n' +
      '[project.optional-dependencies]\ntest = ["pytest", "hypothesis"]\n[tool.poetry.dependencies]\npython = "^3.12"\nPyTorch = "2"\n',
    ['FastAPI', 'uvicorn', 'pytest', 'hypothesis', 'PyTorch'],
  );
  reads(
    'requirements.txt',
    '# tools\nDjango==5.0\nnumpy>=1.26 ; python_version > "3.9"\n-r other.txt\n--hash=sha256:aa\nhttps://example.org/x.whl\npandas[excel]\n',
    ['Django', 'numpy', 'pandas'],
  );
  reads(
    'go.mod',
    'module example.org/mine\n\ngo 1.22\n\nrequire github.com/gin-gonic/gin/v2 v2.1.0\nrequire (\n\tgopkg.in/yaml.v3 v3.0.1\n' +
      '\tk8s.io/client-go v0.30.0\n\tgithub.com/far/away v1.0.0 // indirect\n)\n',
    ['gin', 'yaml', 'client-go'],
  );
  reads(
    'pom.xml',
    '<project><artifactId>mine</artifactId><dependencies><dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId>' +
      '<version>3.7</version></dependency><!-- <dependency><artifactId>gone</artifactId></dependency> --></dependencies></project>',
    ['kafka-clients'],
  );

  it('gives nothing for other files and broken ones', () => {
    assert.deepEqual(extractDependencies('composer.json', '{"require":{"laravel/framework":"11"}}'), []);
    assert.deepEqual(extractDependencies('package.json', '{"dependencies": {"re'), []);
    assert.deepEqual(extractDependencies('package.json', '{"dependencies": ["react"]}'), []);
    assert.deepEqual(extractDependencies('package.json', 'null'), []);
  });

  it('throws for no junk', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MANIFEST_NAMES),
        fc.array(
          fc.oneof(
            fc.string({ maxLength: 30 }),
            fc.constantFrom('[dependencies]', '<dependency>', 'dependencies = [', '"a', '{', '\n', 'require ('),
          ),
          { maxLength: 40 },
        ),
        (name, parts) => {
          for (const found of extractDependencies(name, parts.join('\n'))) assert.notMatch(found, /[\s,@/<>]/);
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe('dependencyName', () => {
  it('is what people say', () => {
    const said = ['@angular/core', '@types/node', '@aws-sdk/client-s3', 'left-pad', 'github.com/spf13/cobra'];
    assert.deepEqual(said.map(dependencyName), ['angular', 'node', 'client-s3', 'left-pad', 'cobra']);
  });

  it('is no version, no path, no noise', () => {
    const noise = ['', '@', '@/', '..', './local', '1.2.3', 'v2', 'qs', 'a'.repeat(50), 'kJ8sD2fG9hL3', '-x-', '日'];
    assert.deepEqual(
      noise.flatMap((name) => dependencyName(name) ?? []),
      ['local'],
    );
  });
});

import eslint from '@eslint/js';
import jsdoc from 'eslint-plugin-jsdoc';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** What each room may not import, as far as a pattern can tell; test/unit/architecture.test.ts reads the import lines as well, and tells all. */
const forbidden = (group, message) => ({ 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] });

export default tseslint.config(
  { ignores: ['build/', 'dist/', 'node_modules/', '.vscode-test/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { jsdoc },
    rules: {
      // The public door of every file is explained.
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          enableFixer: false,
          require: { FunctionDeclaration: true, ClassDeclaration: true },
          contexts: [
            'TSInterfaceDeclaration',
            'TSTypeAliasDeclaration',
            'ExportNamedDeclaration > VariableDeclaration',
          ],
        },
      ],
      'max-lines-per-function': ['error', { max: 60, skipComments: true }],
    },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: forbidden(['vscode', 'node:*', '**/node/**', '**/shell/**', '**/engine/**'], 'core is pure.'),
  },
  {
    files: ['src/node/**/*.ts'],
    rules: forbidden(['vscode', '**/shell/**'], 'node imports core only.'),
  },
  {
    files: ['src/shell/**/*.ts'],
    rules: forbidden(
      ['**/node/**', '**/engine/**', 'node:child_process', 'node:http', 'undici'],
      'shell imports core only.',
    ),
  },
  {
    files: ['src/engine/**/*.ts'],
    rules: forbidden(['vscode', '**/shell/**', '**/node/**'], 'engine imports core only.'),
  },
  {
    files: ['**/*.mjs', '**/*.cjs', 'test/host/bin/code'],
    languageOptions: {
      globals: { console: 'readonly', process: 'readonly', require: 'readonly', URL: 'readonly', module: 'writable' },
    },
  },
  prettier,
);

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { defined } from '../../src/core/async/defined';
import { COMMANDS } from '../../src/shell/contributed/commands';
import { CONTEXT_KEYS } from '../../src/shell/contributed/contextKeys';
import { MEDIA_ENDINGS } from '../../src/shell/contributed/mediaEndings';
import { SETTINGS, wayToSetting } from '../../src/shell/contributed/settingsTable';
import { projectRoot } from '../speech';

interface Manifest {
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
      readonly enablement?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly keybindings: readonly {
      readonly command: string;
      readonly key: string;
      readonly mac?: string;
      readonly when?: string;
    }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<
          string,
          {
            readonly type: string;
            readonly default: unknown;
            readonly scope: string;
            readonly order: number;
            readonly enum?: readonly string[];
            readonly anyOf?: readonly { readonly type?: string; readonly enum?: readonly string[] }[];
            readonly markdownDescription: string;
          }
        >
      >;
    };
  };
}

/** The manifest is ours; its shape is what these tests are about. */
const manifest = JSON.parse(readFileSync(path.join(projectRoot(), 'package.json'), 'utf8')) as Manifest;
const { commands, menus, keybindings, configuration } = manifest.contributes;

describe('package.json and shell/contributed', () => {
  it('name the same commands, all in the category Minutes', () => {
    assert.deepEqual(commands.map(({ command }) => command).toSorted(), Object.values(COMMANDS).toSorted());
    assert.deepEqual(new Set(commands.map(({ category }) => category)), new Set(['Minutes']));
  });

  it('have titles that say what they do', () => {
    const titles = new Map(commands.map(({ command, title }) => [command, title]));
    for (const [command, title] of [
      [COMMANDS.recordMeeting, 'Record Meeting'],
      [COMMANDS.stopMeeting, 'Stop Meeting'],
      [COMMANDS.dictate, 'Dictate'],
      [COMMANDS.stopDictation, 'Stop Dictation'],
      [COMMANDS.chooseEndpoint, 'Choose Endpoint…'],
      [COMMANDS.chooseModel, 'Online Models…'],
      [COMMANDS.chooseEngineModel, 'Offline Models…'],
      [COMMANDS.showPrompt, 'Show Words Sent'],
      [COMMANDS.testEndpoint, 'Test Connection'],
    ] as const)
      assert.equal(titles.get(command), title);
    assert.equal(new Set(titles.values()).size, titles.size);
  });

  it('offer to stop only what is recorded, and to start only what is not', () => {
    const condition = (command: string): string | undefined =>
      menus['commandPalette']?.find((entry) => entry.command === command)?.when;
    for (const [start, stop, purpose] of [
      [COMMANDS.dictate, COMMANDS.stopDictation, 'dictation'],
      [COMMANDS.recordMeeting, COMMANDS.stopMeeting, 'meeting'],
    ] as const) {
      assert.equal(condition(start), `${CONTEXT_KEYS.recording} != '${purpose}'`);
      assert.equal(condition(stop), `${CONTEXT_KEYS.recording} == '${purpose}'`);
      // A key that starts stops as well, so the command itself has no condition.
      assert.equal(commands.find(({ command }) => command === start)?.enablement, undefined);
    }
  });

  it('offer to pause a meeting, and to go on with one that is paused', () => {
    const condition = (command: string): string | undefined =>
      menus['commandPalette']?.find((entry) => entry.command === command)?.when;
    const isMeeting = `${CONTEXT_KEYS.recording} == 'meeting'`;
    assert.equal(condition(COMMANDS.pauseMeeting), `${isMeeting} && !${CONTEXT_KEYS.paused}`);
    assert.equal(condition(COMMANDS.resumeMeeting), `${isMeeting} && ${CONTEXT_KEYS.paused}`);
    assert.equal(condition(COMMANDS.muteMicrophone), isMeeting);
  });

  it('offer the endpoints by name, and take an address as well', () => {
    const endpoint = configuration.properties[SETTINGS.endpoint.id];
    // The settings editor would show any value that is not in a list as the first of the list.
    assert.equal(endpoint?.enum, undefined);
    assert.deepEqual(endpoint?.anyOf?.[0]?.enum, ['embedded', 'groq', 'openai', 'mistral']);
    assert.equal(endpoint.anyOf[1]?.type, 'string');
    assert.ok(endpoint.markdownDescription.includes(`(command:${COMMANDS.chooseEndpoint})`));
  });

  it('name no model where none is chosen, and put the temperature last', () => {
    for (const { id } of [SETTINGS.dictationModel, SETTINGS.meetingModel, SETTINGS.translationModel])
      assert.equal(configuration.properties[id]?.default, '');
    const inOrder = Object.entries(configuration.properties).toSorted(([, a], [, b]) => a.order - b.order);
    assert.equal(inOrder.at(-1)?.[0], SETTINGS.temperature.id);
    assert.equal(new Set(inOrder.map(([, { order }]) => order)).size, inOrder.length);
  });

  it('put no command into a menu that does not exist', () => {
    const known = new Set<string>(Object.values(COMMANDS));
    for (const { command } of Object.values(menus).flat()) assert.ok(known.has(command), command);
  });

  it('bind no key to a command that does not exist', () => {
    const known = new Set<string>(Object.values(COMMANDS));
    for (const { command, key } of keybindings) assert.ok(known.has(command), `${key} means ${command}`);
    assert.ok(keybindings.some(({ command }) => command === COMMANDS.dictate));
  });

  it('take Escape while dictating only, and not from what else it closes', () => {
    const escapes = keybindings.filter(({ key, mac }) => [key, mac].some((one) => /\bescape\b/i.test(one ?? '')));
    assert.deepEqual(
      escapes.map(({ command }) => command),
      [COMMANDS.discardDictation],
    );
    const conditions = (escapes[0]?.when ?? '').split('&&').map((condition) => condition.trim());
    for (const condition of [
      CONTEXT_KEYS.dictating,
      '!suggestWidgetVisible',
      '!findWidgetVisible',
      // Vim's Escape leaves its other modes.
      "(!vim.active || vim.mode == 'Normal')",
    ]) {
      assert.ok(conditions.includes(condition), condition);
    }
  });

  it('name the same keys in when-clauses', () => {
    const clauses = [
      ...commands.map(({ enablement }) => enablement),
      ...[...Object.values(menus).flat(), ...keybindings].map(({ when }) => when),
    ];
    const used = clauses.flatMap((clause) => clause?.match(/(?<![\w.])minutes\.[\w.]+/g) ?? []);
    assert.deepEqual([...new Set(used)].toSorted(), Object.values(CONTEXT_KEYS).toSorted());
  });

  it('name the same settings with the same defaults, and those of a machine as such', () => {
    const inManifest = Object.entries(configuration.properties).map(([id, property]) =>
      defined({ id, default: property.default, isPerMachine: property.scope === 'machine' ? true : undefined }),
    );
    const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);
    assert.deepEqual(inManifest.toSorted(byId), Object.values(SETTINGS).toSorted(byId));
  });

  it('lead to a setting where the editor has it: those of a machine under the remote machine, where there is one', () => {
    const { hub, language, askAboveUsd } = SETTINGS;
    const here = (id: string): unknown => ({ command: 'workbench.action.openSettings', argument: `@id:${id}` });
    for (const setting of [hub, language, askAboveUsd])
      assert.deepEqual(wayToSetting(setting, false), here(setting.id));
    for (const setting of [language, askAboveUsd]) assert.deepEqual(wayToSetting(setting, true), here(setting.id));
    const there = { command: 'workbench.action.openRemoteSettings', argument: { query: `@id:${hub.id}` } };
    assert.deepEqual(wayToSetting(hub, true), there);
  });

  it('give every setting a default of its own type', () => {
    for (const [id, property] of Object.entries(configuration.properties))
      assert.equal(typeof property.default, property.type, id);
  });

  it('describe every setting', () => {
    for (const [id, property] of Object.entries(configuration.properties))
      assert.ok(property.markdownDescription.length > 40, id);
  });

  it('let no workspace say where audio goes or which model runs', () => {
    const { endpoint, dictationModel, meetingModel, translationModel } = SETTINGS;
    const { embeddedModel, modelsFolder, hub, microphoneDevice, secondDevice } = SETTINGS;
    const models = [dictationModel, meetingModel, translationModel, embeddedModel, modelsFolder, hub];
    const redirecting = [endpoint, ...models, microphoneDevice, secondDevice];
    for (const { id } of redirecting) {
      assert.equal(configuration.properties[id]?.scope, 'machine', id);
      assert.ok(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.includes(id), id);
    }
  });

  it('let a folder say only what is read for each folder', () => {
    const perFolder = Object.entries(configuration.properties).filter(([, { scope }]) => scope === 'resource');
    assert.deepEqual(
      perFolder.map(([id]) => id),
      [
        SETTINGS.notesTemplate.id,
        SETTINGS.notesFolder.id,
        SETTINGS.notesFileName.id,
        SETTINGS.renameByTitle.id,
        SETTINGS.typedTimes.id,
        SETTINGS.recordingsPlace.id,
        SETTINGS.vocabularyPeople.id,
      ],
    );
  });

  it('offer the explorer entry for the same endings as the file picker', () => {
    const condition = menus['explorer/context']?.[0]?.when ?? '';
    const endings = /resourceExtname =~ \/\^\\\.\(([^)]+)\)\$\/i/.exec(condition)?.[1]?.split('|');
    assert.deepEqual(endings, MEDIA_ENDINGS);
  });
});

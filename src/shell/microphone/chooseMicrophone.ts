import { l10n, QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import type { AudioInputs, InputDevice } from '../../core/capture/audioSource';
import { DeviceLevels, type DeviceLevel } from '../../core/capture/deviceLevels';
import { levelBar, SILENT_LEVEL } from '../../core/capture/levelBars';
import { hasScreenReader, readSetting, writeSetting } from '../contributed/settings';
import { SETTINGS } from '../contributed/settingsTable';
import { describeFailure, showError } from '../words/messages';

/** How often the bars move. */
const TICK_MS = 250;
/** How long the bars stand still behind a step through the list. */
const STILL_MS = 500;
/** So many devices are listened to at once: each is a recorder of its own. The others are listed without a level. */
const MOST_LISTENED = 6;
/** The setting's value for the system's default. */
const DEFAULT_DEVICE = '';

interface DeviceItem extends QuickPickItem {
  /** The setting's value; absent: another name is asked for. */
  readonly device?: string;
}

/** **Minutes: Choose Microphone…**: a list of devices with the level of each; the one chosen is written into the setting. */
export async function chooseMicrophone(loadInputs: () => Promise<AudioInputs>): Promise<void> {
  const listening = new AbortController();
  try {
    const inputs = await loadInputs();
    const devices = await inputs.list(listening.signal);
    const picked = await pickDevice(devices, inputs, listening.signal);
    if (!picked) return;
    const device = picked.device ?? (await askForName());
    if (device !== undefined) await writeSetting(SETTINGS.microphoneDevice, device);
  } catch (error) {
    void showError(describeFailure(error));
  } finally {
    listening.abort();
  }
}

function pickDevice(
  devices: readonly InputDevice[] | undefined,
  inputs: AudioInputs,
  signal: AbortSignal,
): Promise<DeviceItem | undefined> {
  const current = readSetting(SETTINGS.microphoneDevice).trim();
  const levels = new DeviceLevels<string>();
  for (const device of [DEFAULT_DEVICE, ...(devices ?? []).map(({ id }) => id)].slice(0, MOST_LISTENED))
    void levels.listen(device, inputs.source(device === DEFAULT_DEVICE ? undefined : device), signal);

  const list = window.createQuickPick<DeviceItem>();
  list.title = l10n.t('Which microphone is recorded?');
  list.placeholder = devices
    ? l10n.t('Speak: the bar of the right one moves')
    : l10n.t("The recorder of this system cannot list devices. Record the system's default, or enter a device's name");
  list.matchOnDetail = true;
  list.keepScrollPosition = true;
  let isFirst = true;
  const show = (): void => {
    const active = isFirst ? current : list.activeItems[0]?.device;
    list.items = itemsOf(devices, current, (device) => levels.of(device));
    const activeItem = list.items.find(({ device, kind }) => device === active && kind === undefined);
    if (activeItem) list.activeItems = [activeItem];
    isFirst = false;
  };
  // New rows take the choice along. So the bars stand still while the user types, and for a moment behind each step.
  let lastActive: string | undefined = current;
  let stillUntilMs = 0;
  list.onDidChangeActive(([active]) => {
    if (active === undefined || active.device === lastActive) return;
    lastActive = active.device;
    stillUntilMs = Date.now() + STILL_MS;
  });
  const move = (): void => {
    if (list.value === '' && Date.now() >= stillUntilMs) show();
  };
  show();
  // A screen reader would read the list again at every move of a bar.
  const ticking = hasScreenReader() ? undefined : setInterval(move, TICK_MS);
  return new Promise((resolve) => {
    list.onDidAccept(() => {
      resolve(list.selectedItems[0]);
      list.hide();
    });
    list.onDidHide(() => {
      clearInterval(ticking);
      list.dispose();
      resolve(undefined);
    });
    list.show();
  });
}

function itemsOf(
  devices: readonly InputDevice[] | undefined,
  current: string,
  levelOf: (device: string) => DeviceLevel | undefined,
): DeviceItem[] {
  const item = (device: string, label: string): DeviceItem => ({
    label: device === current ? `$(check) ${label}` : label,
    description: levelText(levelOf(device)),
    ...(device === DEFAULT_DEVICE ? {} : { detail: device }),
    device,
  });
  const ofKind = (kind: InputDevice['kind']): DeviceItem[] =>
    (devices ?? []).filter((device) => device.kind === kind).map(({ id, label }) => item(id, label));
  const isKnown = current === DEFAULT_DEVICE || devices?.some(({ id }) => id === current) === true;
  const gone: DeviceItem = {
    label: `$(check) ${current}`,
    description: devices ? l10n.t('not found now') : '',
    device: current,
  };
  const monitors = ofKind('monitor');
  const separator: DeviceItem = { label: l10n.t('What the computer plays'), kind: QuickPickItemKind.Separator };
  const other: DeviceItem = { label: `$(edit) ${l10n.t("Enter a device's name…")}` };
  return [
    item(DEFAULT_DEVICE, l10n.t("The system's default")),
    ...(isKnown ? [] : [gone]),
    ...ofKind('microphone'),
    ...(monitors.length > 0 ? [separator, ...monitors] : []),
    ...(devices ? [] : [other]),
  ];
}

function levelText(level: DeviceLevel | undefined): string {
  if (level === undefined) return '';
  if (level === 'failed') return l10n.t('cannot be recorded now');
  return levelBar(level === 'opening' ? SILENT_LEVEL : level);
}

function askForName(): Thenable<string | undefined> {
  return window.showInputBox({
    title: l10n.t('Which device is recorded?'),
    prompt: l10n.t("As the recorder calls it; empty: the system's default"),
    value: readSetting(SETTINGS.microphoneDevice),
  });
}

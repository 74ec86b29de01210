import { l10n } from 'vscode';
import type { EndpointProblem } from '../../core/errors';
import { formatMoment } from '../../core/notes/timestamps';
import { SETTINGS } from '../contributed/settingsTable';
import { placeName, subjectName } from './hostName';
import type { MessageTable } from './messageTable';
import {
  installFfmpeg,
  megabytes,
  plain,
  withEngineModel,
  withFfmpeg,
  withKey,
  withLog,
  withModel,
  withSetting,
  type Message,
} from './remedies';
import { writeSetting } from '../contributed/settings';

/** The words for problems of an endpoint and of the way there. */
export const ENDPOINT_MESSAGES: MessageTable<EndpointProblem> = {
  endpointInvalid: (problem) =>
    withSetting(
      l10n.t(
        '"{0}" is no endpoint. Set minutes.endpoint to embedded, groq, openai, mistral, or an address such as http://localhost:8000/v1.',
        problem.endpoint,
      ),
      SETTINGS.endpoint,
    ),
  endpointInsecure: (problem) =>
    withSetting(
      l10n.t(
        'The endpoint is not encrypted: {0} would get your recordings as they are. Use an https address; http is for this machine only.',
        problem.endpoint,
      ),
      SETTINGS.endpoint,
    ),
  endpointUnreachable: (problem) =>
    withSetting(
      l10n.t(
        '{0} cannot be reached ({1}). Check the network and the endpoint.',
        subjectName(problem.host),
        problem.reason,
      ),
      SETTINGS.endpoint,
    ),
  endpointTimedOut: (problem) =>
    withLog(
      l10n.t(
        '{0} did not answer in time ({1}). Try again; what was transcribed so far is kept.',
        subjectName(problem.host),
        problem.reason,
      ),
    ),
  certificateUntrusted: (problem) =>
    withSetting(
      l10n.t(
        'The certificate of {0} is not accepted ({1}). Where a proxy of your company opens connections, install its certificate in the system; with a server of your own, use one that is valid and that the system trusts.',
        placeName(problem.host),
        problem.reason,
      ),
      SETTINGS.endpoint,
    ),
  keyMissing: (problem) =>
    withKey(l10n.t('{0} wants an API key: none is set.', subjectName(problem.host)), problem.host),
  keyRejected: (problem) =>
    withKey(l10n.t('{0} refused the API key. Set a valid one and try again.', subjectName(problem.host)), problem.host),
  forbidden: (problem) =>
    withKey(
      l10n.t(
        '{0} forbids the request: {1}. The key is known but may not do this: check its permissions.',
        subjectName(problem.host),
        problem.reason,
      ),
      problem.host,
    ),
  clientBlocked: (problem) =>
    withLog(
      l10n.t(
        'A firewall blocked the request to {0} ("{1}"). The key is not the cause: try another network, or without a VPN.',
        placeName(problem.host),
        problem.reason,
      ),
    ),
  proxyAnswered: (problem) =>
    withLog(
      l10n.t(
        '{0} was not reached: something on the way answered ({1}: "{2}"). Check the proxy settings, a log-in page of the network, and the endpoint; the key is not the cause.',
        subjectName(problem.host),
        problem.status,
        problem.reason,
      ),
    ),
  redirected: (problem) =>
    withSetting(
      l10n.t(
        '{0} sends requests on: they should go to {1}, where no key is sent unasked. If you trust that address, set minutes.endpoint to it.',
        subjectName(problem.host),
        // What follows may be a secret that some server puts there, and is no part of an endpoint's address.
        problem.location.replace(/[?#].*$/s, ''),
      ),
      SETTINGS.endpoint,
    ),
  notFound: (problem) =>
    withModel(
      l10n.t(
        '{0} knows no such address or model ("{1}"): {2}. Choose another model, or check minutes.endpoint.',
        subjectName(problem.host),
        problem.model,
        problem.reason,
      ),
    ),
  languageUnsupported: (problem) => languageUnsupported(problem),
  translationUnsupported: (problem) => translationUnsupported(problem),
  urlInvalid: (problem) =>
    plain(l10n.t('That is no https address: "{0}". Paste the address of an audio file.', problem.url)),
  urlHasPassword: (problem) =>
    plain(
      l10n.t(
        'The address holds a password: nothing was fetched. Minutes sends passwords to nobody. Download the recording from {0} with a browser and use Minutes: Transcribe File….',
        problem.host,
      ),
    ),
  urlUnsupported: (problem) =>
    withSetting(
      l10n.t(
        '{0} cannot fetch audio itself. Download the file and transcribe it, or use an endpoint that can, such as groq.',
        subjectName(problem.host),
      ),
      SETTINGS.endpoint,
    ),
  fileRefused: (problem) => fileRefused(problem),
  tooLarge: (problem) => tooLarge(problem),
  rateLimited: (problem) =>
    withLog(
      l10n.t(
        '{0} takes no more for now: {1}. Try again later; what was transcribed so far is kept.',
        subjectName(problem.host),
        problem.reason,
      ),
    ),
  paused: (problem) => {
    const text = l10n.t(
      '{0} pauses until {1}: {2}. What was transcribed so far is kept, and goes on from there.',
      subjectName(problem.host),
      formatMoment(new Date(problem.untilMs), new Date()),
      problem.reason === 'quota' ? l10n.t('its quota is used up') : problem.reason.replace(/\.$/, ''),
    );
    return { text, actions: [], isHarmless: true };
  },
  quotaExhausted: (problem) =>
    withLog(
      l10n.t(
        'No credit is left at {0}: {1}. Add some there, or choose another endpoint.',
        placeName(problem.host),
        problem.reason,
      ),
    ),
  requestRefused: (problem) =>
    withLog(
      l10n.t(
        '{0} refused the request ({1}){2}. Minutes: Test Connection shows what it takes.',
        subjectName(problem.host),
        problem.status,
        ifTold(problem.reason),
      ),
    ),
  endpointFailed: (problem) => endpointFailed(problem),
  responseUnreadable: (problem) =>
    withLog(
      l10n.t(
        '{0} did not answer with a text: {1}. Check that the endpoint speaks the OpenAI-compatible API.',
        subjectName(problem.host),
        problem.reason,
      ),
    ),
};

/** Some servers fail without a reason where they do not have the model. */
function endpointFailed({
  host,
  status,
  reason,
  model,
}: Extract<EndpointProblem, { code: 'endpointFailed' }>): Message {
  const [server, told] = [subjectName(host), ifTold(reason)];
  if (model === undefined)
    return withLog(
      l10n.t('{0} failed ({1}){2}. Try again; what was transcribed so far is kept.', server, status, told),
    );
  const asked = l10n.t('Asked for the model "{0}": does it have that? Choose another, or look at its own log.', model);
  const text = `${l10n.t('{0} failed ({1}) and says no reason.', server, status)} ${asked}`;
  return { text, actions: [...withModel(text).actions, ...withLog(text).actions] };
}

/** A reason behind a status; a server may name none. */
function ifTold(reason: string): string {
  return reason === '' ? '' : `: ${reason.replace(/\.$/, '')}`;
}

/** The button for all languages leads back: then the model finds out, and goes on. */
function languageUnsupported({ host, language }: Extract<EndpointProblem, { code: 'languageUnsupported' }>): Message {
  const title = l10n.t('Detect Automatically');
  const detect = { title, run: () => writeSetting(SETTINGS.language, SETTINGS.language.default), leadsBack: true };
  if (typeof host !== 'string') {
    const text = l10n.t(
      'This model does not know the language "{0}". Choose one that knows many languages, or set minutes.language to auto.',
      language,
    );
    return {
      text,
      actions: [detect, ...withEngineModel(text).actions, ...withSetting(text, SETTINGS.language).actions],
    };
  }
  const text = l10n.t(
    '{0} does not know the language "{1}". Set minutes.language to auto, or choose another endpoint.',
    subjectName(host),
    language,
  );
  return { text, actions: [detect, ...withSetting(text, SETTINGS.language).actions] };
}

function fileRefused({ host, reason, audioKind }: Extract<EndpointProblem, { code: 'fileRefused' }>): Message {
  if (audioKind === 'file') {
    return withFfmpeg(
      l10n.t(
        '{0} cannot read the file: {1}. With ffmpeg installed ({2}) Minutes converts it itself.',
        subjectName(host),
        reason,
        installFfmpeg(),
      ),
    );
  }
  return withLog(
    l10n.t(
      '{0} cannot read the audio: {1}. Check that it plays; the recording is kept as it is.',
      subjectName(host),
      reason,
    ),
  );
}

function tooLarge({ host, sizeBytes, audioKind }: Extract<EndpointProblem, { code: 'tooLarge' }>): Message {
  if (audioKind === 'url') {
    return plain(
      l10n.t(
        'The recording is too large for {0}. Download it and use Minutes: Transcribe File…, which sends it in pieces.',
        placeName(host),
      ),
    );
  }
  const size = megabytes(sizeBytes);
  if (audioKind === 'file') {
    return withFfmpeg(
      l10n.t(
        '{0} takes no file of {1} MB. Only ffmpeg could cut it: install it ({2}) and try again.',
        subjectName(host),
        size,
        installFfmpeg(),
      ),
    );
  }
  return withLog(
    l10n.t(
      '{0} takes no request of {1} MB. Smaller ones would cut words: raise the limit of the server or of the proxy before it.',
      subjectName(host),
      size,
    ),
  );
}

function translationUnsupported({
  host,
  model,
  instead,
}: Extract<EndpointProblem, { code: 'translationUnsupported' }>): Message {
  if (typeof host !== 'string') {
    return withEngineModel(
      l10n.t(
        'The model of the embedded engine cannot translate. Choose one that knows many languages, or an endpoint that translates, such as groq.',
      ),
    );
  }
  if (instead === undefined) {
    const text = l10n.t(
      '"{0}" cannot translate. Choose another model of {1}, or an endpoint that translates, such as groq.',
      model,
      placeName(host),
    );
    return { text, actions: [...withModel(text).actions, ...withSetting(text, SETTINGS.endpoint).actions] };
  }
  const text = l10n.t('"{0}" cannot translate. Another model of {1} can: "{2}".', model, placeName(host), instead);
  const title = l10n.t('Use {0}', instead);
  return { text, actions: [{ title, run: () => writeSetting(SETTINGS.translationModel, instead), leadsBack: true }] };
}

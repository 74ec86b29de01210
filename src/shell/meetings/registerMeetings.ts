import { commands, Disposable } from 'vscode';
import { COMMANDS } from '../contributed/commands';
import type { Recoveries } from '../recording/recoveries';
import { LiveMeetings } from './live/liveMeetings';
import { RecordMeeting, type RecordMeetingDependencies } from './recordMeeting';
import { registerTypedLineHints } from './typedLineHints';

/** What meetings share with other features. */
export interface MeetingServices extends RecordMeetingDependencies {
  readonly recoveries: Recoveries;
}

/** Meetings: start, stop, and recovery of a meeting that an earlier window did not finish. */
export function registerMeetings(services: MeetingServices): Disposable {
  const live = new LiveMeetings();
  const recordMeeting = new RecordMeeting(live, services);
  services.recoveries.set('meeting', {
    recover: (unfinished) => recordMeeting.recover(unfinished),
    resumptionOf: (unfinished) => recordMeeting.resumptionOf(unfinished),
    goOn: (unfinished, resumption) => recordMeeting.goOn(unfinished, resumption),
  });
  return Disposable.from(
    live,
    registerTypedLineHints(live, services.logs),
    commands.registerCommand(COMMANDS.recordMeeting, () => recordMeeting.toggle()),
    commands.registerCommand(COMMANDS.stopMeeting, () => {
      services.session.stopFor('meeting');
    }),
  );
}

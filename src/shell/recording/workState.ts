import { EventEmitter, type Disposable, type Event } from 'vscode';
import { nextWork, NO_WORK, withShares, type Work, type WorkEvent } from '../../core/capture/work';

/** One recording that is becoming text. */
export interface WorkItem {
  /** How much is done, in [0, 1]. */
  readonly tellShare: (share: number) => void;
  /** A second call changes nothing. */
  readonly end: (how: 'done' | 'fail') => void;
}

/** The window's recordings that are becoming text, beside whatever is recorded. */
export class WorkState implements Disposable {
  private current: Work = NO_WORK;
  private readonly shares = new Map<WorkItem, number>();
  private readonly changed = new EventEmitter<Work>();
  readonly onDidChange: Event<Work> = this.changed.event;

  get state(): Work {
    return this.current;
  }

  begin(): WorkItem {
    this.apply('begin');
    let isOver = false;
    const item: WorkItem = {
      tellShare: (share) => {
        if (isOver) return;
        this.shares.set(item, share);
        this.set(this.current);
      },
      end: (how) => {
        if (isOver) return;
        isOver = true;
        this.shares.delete(item);
        this.apply(how);
      },
    };
    return item;
  }

  /** Work for as long as the task takes. @param task says whether it succeeded; what it throws is thrown on */
  async during(task: (item: WorkItem) => Promise<boolean>): Promise<void> {
    const item = this.begin();
    try {
      item.end((await task(item)) ? 'done' : 'fail');
    } finally {
      item.end('fail');
    }
  }

  dispose(): void {
    this.changed.dispose();
  }

  private apply(event: WorkEvent): void {
    this.set(nextWork(this.current, event));
  }

  private set(work: Work): void {
    this.current = withShares(work, [...this.shares.values()]);
    this.changed.fire(this.current);
  }
}

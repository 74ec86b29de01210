import { EventEmitter, type Disposable, type Event } from 'vscode';
import { nextWork, NO_WORK, type Work, type WorkEvent } from '../../core/capture/work';

/** One recording that is becoming text. */
export interface WorkItem {
  /** A second call changes nothing. */
  readonly end: (how: 'done' | 'fail') => void;
}

/** The window's recordings that are becoming text, beside whatever is recorded. */
export class WorkState implements Disposable {
  private current: Work = NO_WORK;
  private readonly changed = new EventEmitter<Work>();
  readonly onDidChange: Event<Work> = this.changed.event;

  get state(): Work {
    return this.current;
  }

  begin(): WorkItem {
    this.apply('begin');
    let isOver = false;
    return {
      end: (how) => {
        if (isOver) return;
        isOver = true;
        this.apply(how);
      },
    };
  }

  /** Work for as long as the task takes. @param task says whether it succeeded; what it throws is thrown on */
  async during(task: () => Promise<boolean>): Promise<void> {
    const item = this.begin();
    try {
      item.end((await task()) ? 'done' : 'fail');
    } finally {
      item.end('fail');
    }
  }

  dispose(): void {
    this.changed.dispose();
  }

  private apply(event: WorkEvent): void {
    this.current = nextWork(this.current, event);
    this.changed.fire(this.current);
  }
}

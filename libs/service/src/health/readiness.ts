import { Injectable } from '@nestjs/common';

/** Whether this process wants work; switched off first of all when it is told to stop. */
@Injectable()
export class Readiness {
  private on = true;

  get wantsWork(): boolean {
    return this.on;
  }

  switchOff(): void {
    this.on = false;
  }
}

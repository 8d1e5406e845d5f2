import { SagaEnvironment } from '@clew/service';

/** Flights own the trips that are choreographed, as theirs is the first step. */
export class FlightsEnvironment extends SagaEnvironment {
  override PORT = 3001;
}

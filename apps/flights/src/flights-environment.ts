import { ServiceEnvironment } from '@clew/service';

export class FlightsEnvironment extends ServiceEnvironment {
  override PORT = 3001;
}

import { ServiceEnvironment } from '@clew/service';

export class HotelsEnvironment extends ServiceEnvironment {
  override PORT = 3002;
}

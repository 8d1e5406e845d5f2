import { ServiceEnvironment } from '@clew/service';

export class CarsEnvironment extends ServiceEnvironment {
  override PORT = 3003;
}

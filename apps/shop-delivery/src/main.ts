import { connectParticipant } from '@clew/participant';
import { runService } from '@clew/service';
import { AppModule } from './app.module.js';
import { ShopDeliveryEnvironment } from './shop-delivery-environment.js';

await runService(AppModule, {
  name: 'shop-delivery',
  title: 'Clew shop, delivery',
  environment: ShopDeliveryEnvironment,
  connect: connectParticipant,
});

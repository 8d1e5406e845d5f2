import { runService } from '@clew/service';
import { API_TITLE } from './api-title.js';
import { AppModule } from './app.module.js';
import { protectGateway } from './callers/protect-gateway.js';
import { OrchestratorEnvironment } from './orchestrator-environment.js';

await runService(AppModule, {
  name: 'orchestrator',
  title: API_TITLE,
  environment: OrchestratorEnvironment,
  protect: protectGateway,
});

export { startInfrastructure as default } from './run-infrastructure.mjs';

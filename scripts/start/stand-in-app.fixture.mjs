/** What the launcher needs of an app, and nothing more. `STAND_IN_…` name the app that is to misbehave. */
import { createServer } from 'node:http';

const { PORT, DATABASE_URL, CLEW_NAMESPACE, CLEW_PARTICIPANTS, STAND_IN_FAILS, STAND_IN_IGNORES_SIGTERM } =
  process.env;
const is = (name) => name !== undefined && import.meta.url.includes(`/${name}/`);

if (is(STAND_IN_FAILS)) {
  console.error('the stand-in refuses to start');
  process.exit(1);
}
const health = JSON.stringify({
  port: Number(PORT),
  databaseUrl: DATABASE_URL,
  namespace: CLEW_NAMESPACE,
  participants: CLEW_PARTICIPANTS,
});
const server = createServer((request, response) => {
  if (request.url.startsWith('/exit/')) process.exit(Number(request.url.split('/').at(-1)));
  response.writeHead(request.url === '/health/ready' ? 200 : 404).end(health);
});
server.listen(Number(PORT), '127.0.0.1', () =>
  console.log(process.env.STAND_IN_SAYS ?? 'the stand-in listens'),
);
process.on('SIGTERM', () => {
  if (!is(STAND_IN_IGNORES_SIGTERM)) process.exit(0);
});

/** Books over Restate's ingress, each trip once by its key, and waits for its end. */
import { Agent, request } from 'node:http';
import { v7 as uuid } from 'uuid';
import { serve, tripOf } from '../kit/serve.mjs';

const url = `${process.env.PEER_RESTATE_INGRESS_URL}/trip/book`;
const agent = new Agent({ keepAlive: true, maxSockets: 512 });

serve((n, isUndone) => {
  const sagaId = uuid();
  const body = JSON.stringify({ sagaId, trip: tripOf(n, isUndone) });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'idempotency-key': sagaId,
  };
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(JSON.parse(text))
          : reject(new Error(`${response.statusCode} ${text}`)),
      );
    });
    asking.on('error', reject);
    asking.end(body);
  });
});

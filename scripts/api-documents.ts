/**
 * Writes the documents of the API into `docs/api`, made from the code; or says which of them the code has left behind.
 *
 *   node dist/scripts/api-documents.js [--check]
 *
 * Needs no server. Exit code 1 when a document differs.
 */
import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { repositoryRoot } from '@clew/testing';
import { asyncApiDocument } from './api/async-api/async-api.js';
import { gatewayDocument } from './api/open-api-of.js';

const documents: Readonly<Record<string, object>> = {
  'openapi.json': await gatewayDocument(),
  'asyncapi.json': asyncApiDocument(),
};
const checks = process.argv.includes('--check');
for (const [name, document] of Object.entries(documents)) {
  const path = join('docs', 'api', name);
  const text = await format(JSON.stringify(document), { parser: 'json', printWidth: 110 });
  if (!checks) {
    writeFileSync(join(repositoryRoot(), path), text);
    console.log(`${path}: written`);
  } else if (written(path) === text) {
    console.log(`${path} and the code agree`);
  } else {
    console.error(
      `${path} says something else than the code: run npm run api:write and commit what it writes.`,
    );
    process.exitCode = 1;
  }
}

function written(path: string): string | undefined {
  try {
    return readFileSync(join(repositoryRoot(), path), 'utf8');
  } catch {
    return undefined;
  }
}

import { statfs } from 'node:fs/promises';
import type { CheckResponse } from '../doctor.response.dto.js';

const GIGABYTE = 1024 ** 3;
const FEW_GIGABYTES = 2;
const TOO_FEW_GIGABYTES = 0.2;

/** How much is free on the disk of that folder. Of servers on other machines it says nothing. */
export async function checkDisk(folder: string): Promise<CheckResponse> {
  const { bavail, bsize } = await statfs(folder);
  const free = (bavail * bsize) / GIGABYTE;
  return {
    name: 'disk',
    status: free < TOO_FEW_GIGABYTES ? 'failed' : free < FEW_GIGABYTES ? 'warning' : 'ok',
    sentence: `${free.toFixed(1)} GB are free where the gateway runs.`,
  };
}

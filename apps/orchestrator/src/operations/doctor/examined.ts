import type { CheckResponse } from '../doctor.response.dto.js';

/** Runs an examination; one that can't be made has failed, for the reason it gives. */
export async function examined(
  name: string,
  examine: () => Promise<CheckResponse[]>,
): Promise<CheckResponse[]> {
  try {
    return await examine();
  } catch (error) {
    return [{ name, status: 'failed', sentence: error instanceof Error ? error.message : String(error) }];
  }
}

/** Thread that computes the digest of all parts while the run begins. */
import { parentPort, workerData } from 'node:worker_threads'
import { digestParts } from './digest-parts.ts'

parentPort?.postMessage(await digestParts((workerData as { cache: string | null }).cache))

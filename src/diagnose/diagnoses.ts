import type { Diagnosis } from './diagnosis.ts'
import { endings } from './endings.ts'
import { starts } from './starts.ts'

/** Every cause that we know, the more telling ones first. */
export const diagnoses: readonly Diagnosis[] = [...starts, ...endings]

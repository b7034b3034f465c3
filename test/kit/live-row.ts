import type { LiveRow } from '../../src/actions/dashboard/dashboard.ts'

/** A container as the dashboard sees it: running well, but for what a test is about. */
export const liveRow = (service: string, more: Partial<LiveRow> = {}): LiveRow => ({
  id: service,
  service,
  label: `${service}-1`,
  state: 'running',
  exitCode: 0,
  restarts: 0,
  ports: [],
  ...more,
})

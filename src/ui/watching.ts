import type { WatchEnabledEvent, WatchEvent } from '../actions/event.ts'
import type { Verified } from '../actions/watch/verify.ts'
import { clean } from './clean.ts'
import { count, size, took } from './words.ts'

/** What watching did, and why: `web  sync 3 files, 1 deleted (12 kB) 41 ms`. */
export function watchText(event: WatchEvent | WatchEnabledEvent): string {
  if (event.type === 'watch-enabled') return 'Watch enabled'
  const { service, did, because, files = 0, deleted = 0, byRm = false, bytes = 0, elapsed } = event
  const time = elapsed === undefined ? '' : elapsed < 1000 ? ` ${Math.round(elapsed)} ms` : ` ${took(elapsed)}`
  const why = because === undefined ? '' : `: ${clean(because)}`
  switch (did) {
    case 'sync': {
      const gone = `${deleted} deleted${byRm ? ' by rm' : ''}`
      const what = [...(files > 0 ? [count(files, 'file')] : []), ...(deleted > 0 ? [gone] : [])]
      return `${clean(service)}  sync ${what.join(', ')}${files > 0 ? ` (${size(bytes, 3).replace(/(?<=\d)(?=[a-zA-Z])/, ' ')})` : ''}${time}`
    }
    case 'restart':
      return `service(s) ["${clean(service)}"] restarted${why}${time}`
    default:
      return `${clean(service)}  ${did}${why}${time}`
  }
}

/** How a container's copy compares: `web-1: 12 of 12 files are the same`, and what differs. */
export function verifiedText({ container, same, files, differing, missing }: Verified): string {
  const lines = [
    ...differing.slice(0, 10).map(path => `  differs: ${clean(path)}`),
    ...missing.slice(0, 10).map(path => `  missing: ${clean(path)}`),
  ]
  const more = differing.length + missing.length - lines.length
  if (more > 0) lines.push(`  and ${more} more`)
  return [
    `${clean(container)}: ${same} of ${count(files, 'file')} ${files === 1 ? 'is' : 'are'} the same`,
    ...lines,
    '',
  ].join('\n')
}

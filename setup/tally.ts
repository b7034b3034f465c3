import { readFileSync } from 'node:fs'

/**
 * Sums vitest's JSON reports up in one line, and fails where a scenario against a real engine was left out or none ran,
 * or the rows were not held against the language's own schema.
 */
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numFailedTestSuites: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

const reports = process.argv.slice(2).map(file => JSON.parse(readFileSync(file, 'utf8')) as Report)
const sum = (key: 'numPassedTests' | 'numFailedTests' | 'numPendingTests' | 'numFailedTestSuites') =>
  reports.reduce((total, report) => total + report[key], 0)
const report: Report = {
  numPassedTests: sum('numPassedTests'),
  numFailedTests: sum('numFailedTests'),
  numPendingTests: sum('numPendingTests'),
  numFailedTestSuites: sum('numFailedTestSuites'),
  testResults: reports.flatMap(({ testResults }) => testResults),
}
const scenarios = report.testResults
  .filter(({ name }) => name.includes('/test/scenario/'))
  .flatMap(f => f.assertionResults)
const ran = scenarios.filter(({ status }) => status === 'passed' || status === 'failed')
const schema = report.testResults
  .filter(({ name }) => name.endsWith('/test/spec/official-schema.test.ts'))
  .flatMap(f => f.assertionResults)
const held = schema.some(({ status }) => status === 'passed' || status === 'failed')
const left = scenarios.filter(scenario => !ran.includes(scenario))
// A file that does not even load has no tests to count.
const broken = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
)

for (const { name, message } of broken) console.log(`could not run ${name}: ${message}`)
for (const { fullName } of left) console.log(`left out: ${fullName}`)
if (!held) console.log('left out: the rows accept what compose-spec.schema.json accepts; it lies in ../shared/compose')
if (ran.length === 0) console.log('no scenario ran against an engine')
const skipped = report.numPendingTests === 0 ? '' : `, ${report.numPendingTests} skipped`
console.log(`${ran.length} scenarios against an engine`)
const failed = report.numFailedTests + broken.length
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped}`)
process.exitCode = failed > 0 || left.length > 0 || ran.length === 0 || !held ? 1 : 0

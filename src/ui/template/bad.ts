import { type UserError, userError } from '../../text/problem.ts'

/** A template that is none, or asks for what is not there. */
export const bad = (text: string, why: string): UserError =>
  userError(
    'bad-template',
    `template parsing error: ${text}: ${why}`,
    'it takes fields ({{.Name}}), json, if, range, join, upper, lower and more, which docs/formats.md lists',
  )

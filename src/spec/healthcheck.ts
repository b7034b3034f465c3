import type { Healthcheck } from '../model/project.ts'
import { list } from './list.ts'
import { duration, integer, said } from './number.ts'
import { record } from './record.ts'
import { flag, text } from './scalar.ts'
import { oneOf, replaced, type Shape } from './shape.ts'

const items = list(text, { expects: 'text, or a list of texts' })

/** A text is a command for the shell; a later file replaces it whole. */
const test: Shape<readonly string[]> = replaced({
  ...items,
  schema: oneOf({ type: 'string' }, items.schema),
  // Unlike that of `command`, an empty test in a later file is a mistake and clears nothing.
  empty: 'value',
  canon: (node, context) =>
    node.kind === 'scalar' && typeof node.value === 'string' ? node : items.canon(node, context),
  decode: (node, context) => (node.kind === 'scalar' ? ['CMD-SHELL', String(node.value)] : items.decode(node, context)),
})

export const healthcheck: Shape<Healthcheck> = record<Healthcheck>({
  test,
  timeout: said(duration),
  interval: said(duration),
  retries: said(integer({ minimum: 0, cut: true })),
  start_period: said(duration),
  start_interval: said(duration),
  disable: flag,
})

import type { Attachment } from '../model/project.ts'
import { scalar } from '../text/node.ts'
import { uniqueTexts } from './list.ts'
import { named, orNull } from './named.ts'
import { orNames } from './names.ts'
import { integer } from './number.ts'
import { record } from './record.ts'
import { printable, text } from './scalar.ts'
import type { Shape } from './shape.ts'

const attachment = record<Attachment>({
  aliases: uniqueTexts,
  driver_opts: named(printable('number')),
  gw_priority: integer({ cut: true, fromText: false }),
  interface_name: text,
  ipv4_address: text,
  ipv6_address: text,
  link_local_ips: uniqueTexts,
  mac_address: text,
  priority: integer({ cut: true, fromText: false }),
})

/** The networks of a service, by name; a list of names attaches to each with nothing further said. */
export const attachments: Shape<Readonly<Record<string, Attachment | null>>> = orNames(
  named(orNull(attachment)),
  name => scalar(null, name.at),
)

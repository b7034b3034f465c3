import type { BlkioConfig, ThrottleDevice } from '../model/project.ts'
import { list } from './list.ts'
import { integer, size } from './number.ts'
import { record } from './record.ts'
import { text } from './scalar.ts'
import type { Shape } from './shape.ts'

type WeightDevice = NonNullable<BlkioConfig['weight_device']>[number]

const weight = integer({ minimum: 0, maximum: 65535, fromText: false })

/** These have no JSON names in docker compose, so Go's own are written, and nothing is left out. */
const weightDevice: Shape<WeightDevice> = {
  ...record<WeightDevice>({ path: text, weight }, { extensions: false }),
  encode: ({ path = '', weight = 0 }) => ({ Path: path, Weight: weight }),
}

const rate = size({ numbers: 'whole' })

const throttle: Shape<ThrottleDevice> = {
  ...record<ThrottleDevice>({ path: text, rate }, { extensions: false }),
  encode: ({ path = '', rate: bytes = 0 }) => ({ Path: path, Rate: rate.encode(bytes) ?? '0' }),
}

const throttles = list(throttle, { expects: 'a list of devices' })

export const blkioConfig: Shape<BlkioConfig> = record<BlkioConfig>(
  {
    weight,
    weight_device: list(weightDevice, { expects: 'a list of devices' }),
    device_read_bps: throttles,
    device_read_iops: throttles,
    device_write_bps: throttles,
    device_write_iops: throttles,
  },
  { extensions: false },
)

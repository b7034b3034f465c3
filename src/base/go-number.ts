/** A float as Go prints it with %v: shortest digits, an exponent below 0.0001 and from a million on. */
export function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [digits = '0', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 6) return plain(value)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

/** The shortest decimal that a 32 bit float reads back as itself: what Go writes for a float32. */
export function shortestFloat32(value: number): number {
  const rounded = Math.fround(value)
  for (let precision = 1; precision <= 9; precision++) {
    const candidate = Number(rounded.toPrecision(precision))
    if (Math.fround(candidate) === rounded) return candidate
  }
  return rounded
}

/** A whole number as Go's strconv.Atoi reads it, or undefined. */
export function goInteger(text: string): number | undefined {
  if (!/^[-+]?[0-9]+$/.test(text)) return undefined
  const value = BigInt(text.replace(/^\+/, ''))
  return value >= -(2n ** 63n) && value < 2n ** 63n ? Number(value) : undefined
}

/** A number as Go's strconv.ParseFloat reads it (decimal notation), or undefined. */
export function goParsedFloat(text: string): number | undefined {
  if (!/^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

function plain(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text
}
